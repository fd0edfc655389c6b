import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { needOf, request } from './person.ts';
import { openShelter, type Shelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function areaBecomesDangerous(world: () => World): void {
  it('an offer in an area that became dangerous is withdrawn: the shelter can neither answer nor read the profile, its bed is free, and a shelter elsewhere is asked', async () => {
    const [here, elsewhere] = [
      await openShelter(world(), { beds: 1, region: 'harbour' }),
      await openShelter(world(), { beds: 1, region: 'islands' }),
    ];
    const { referralId } = await request(world(), { excludedRegions: ['islands'] });
    const { offerId } = await untilOffered(world(), here);
    await amend(world(), referralId, ['harbour']);
    await eventually(async () => expect(await unitsIn(world(), here, 'free')).toBe(1));
    expect(await refusalOfAcceptance(world(), here, offerId)).toBe('offer-withdrawn');
    expect(await refusalOfReading(world(), here, offerId)).toBe('not-found');
    await untilOffered(world(), elsewhere);
  });

  it('a confirmed place in an area that became dangerous stays confirmed, and the coordinator gets an alert', async () => {
    const here = await openShelter(world(), { beds: 1, region: 'harbour' });
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), here);
    await call(world().referral, 'acceptOffer', { offerId }, await here.as('provider-staff'));
    await untilState(world(), referralId, 'awaiting-person');
    await amend(world(), referralId, ['harbour']);
    expect((await readReferral(world(), referralId)).state).toBe('awaiting-person');
    expect(await unitsIn(world(), here, 'confirmed')).toBe(1);
    expect(await alertsAbout(world(), referralId)).toContain('place-unsafe');
    expect(await refusalOfReading(world(), here, offerId)).toBe('not-found');
  });
}

async function amend(
  world: World,
  referralId: string,
  excludedRegions: readonly string[],
): Promise<void> {
  const caseworker = await world.responders.as('caseworker');
  await call(
    world.referral,
    'amendNeed',
    { referralId, need: needOf({ excludedRegions }) },
    caseworker,
  );
}

async function refusalOfAcceptance(
  world: World,
  shelter: Shelter,
  offerId: string,
): Promise<string | undefined> {
  const answered = call(
    world.referral,
    'acceptOffer',
    { offerId },
    await shelter.as('provider-staff'),
  );
  return refusalOf(await answered.catch((error: unknown) => error));
}

async function refusalOfReading(
  world: World,
  shelter: Shelter,
  offerId: string,
): Promise<string | undefined> {
  const staff = await shelter.as('provider-staff');
  const read = call(
    world.referral,
    'getOfferProfile',
    { offerId, purpose: 'accommodation' },
    staff,
  );
  return refusalOf(await read.catch((error: unknown) => error));
}

async function alertsAbout(world: World, referralId: string): Promise<string[]> {
  const page = { pageSize: 200, pageToken: '', includeResolved: false };
  const { alerts } = await call(
    world.referral,
    'listAlerts',
    page,
    await world.coordinators.as('coordinator'),
  );
  return alerts.filter((alert) => alert.referralId === referralId).map((alert) => alert.code);
}
