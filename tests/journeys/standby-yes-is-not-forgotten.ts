import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { confirmedOffer, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function standbyYesIsNotForgotten(world: () => World): void {
  it('an acceptance on standby is confirmed at once when the coordinator restarts the search', async () => {
    const { referralId, offers } = await oneConfirmedOneStandingBy(world());
    await searchAnew(world(), referralId);
    await eventually(async () =>
      expect(confirmedOffer(await readReferral(world(), referralId))).toBe(offers[1]),
    );
    const next = await untilState(world(), referralId, 'awaiting-person');
    expect(next.offers.find((one) => one.offerId === offers[0])?.status).toBe('withdrawn');
  });

  it('an acceptance on standby ends when its offer closes: its bed is released, and the confirmed place is unchanged', async () => {
    const { referralId, offers, second } = await oneConfirmedOneStandingBy(world());
    await world().advanceTime(hours(25));
    await eventually(async () =>
      expect(await statusOf(world(), referralId, offers[1])).toBe('closed'),
    );
    await eventually(async () => expect(await unitsIn(world(), second, 'free')).toBe(1));
    expect(await statusOf(world(), referralId, offers[0])).toBe('confirmed');
  });
}

async function oneConfirmedOneStandingBy(world: World) {
  const [first, second] = [
    await openShelter(world, { beds: 1 }),
    await openShelter(world, { beds: 1 }),
  ];
  const { referralId } = await request(world);
  const offers = [
    (await untilOffered(world, first)).offerId,
    (await untilOffered(world, second)).offerId,
  ] as const;
  await call(
    world.referral,
    'acceptOffer',
    { offerId: offers[0] },
    await first.as('provider-staff'),
  );
  await untilState(world, referralId, 'awaiting-person');
  const yes = await call(
    world.referral,
    'acceptOffer',
    { offerId: offers[1] },
    await second.as('provider-staff'),
  );
  expect(yes.state).toBe('standby');
  return { referralId, offers, second };
}

async function searchAnew(world: World, referralId: string): Promise<void> {
  const anew = { referralId, action: 'restart-search', code: 'local-knowledge', serviceId: '' };
  await call(world.referral, 'override', anew, await world.coordinators.as('coordinator'));
}

const statusOf = async (world: World, referralId: string, offerId: string) =>
  (await readReferral(world, referralId)).offers.find((one) => one.offerId === offerId)?.status;
