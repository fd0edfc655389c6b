import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { confirmedOffer, request } from './person.ts';
import { openShelter, type Shelter } from './shelter.ts';
import { rows } from './state.ts';
import { unitsIn } from './units.ts';
import { eventsOf, eventually, untilOffered, untilState, type World } from './world.ts';

export function arrivesUnasked(world: () => World): void {
  it('a person who arrives before they were asked has that place and its relation, and the bed of every other shelter is released', async () => {
    const shelters = [
      await openShelter(world(), { beds: 1 }),
      await openShelter(world(), { beds: 1 }),
    ] as const;
    const [first, second] = shelters;
    const { referralId, members } = await request(world());
    const { offerId } = await untilOffered(world(), first);
    await untilOffered(world(), second);
    const staff = await first.as('provider-staff');
    await call(world().referral, 'acceptOffer', { offerId }, staff);
    expect(confirmedOffer(await untilState(world(), referralId, 'awaiting-person'))).toBe(offerId);
    await call(world().shelters, 'recordArrival', { holdId: offerId }, staff);

    const there = await untilState(world(), referralId, 'started');
    expect(eventsOf(there)).not.toContain('PersonAgreed');
    expect(there.offers.filter((one) => one.offerId !== offerId).map((one) => one.status)).toEqual([
      'withdrawn',
    ]);
    await eventually(async () => expect(await unitsIn(world(), second, 'free')).toBe(1));
    expect(await unitsIn(world(), first, 'occupied')).toBe(1);
    expect(await offersOpenTo(world(), second)).toEqual([]);
    await eventually(async () =>
      expect(await relationsOf(world(), members[0]?.caseReference ?? '')).toEqual([
        { hold_id: offerId, organisation_id: first.id },
      ]),
    );
  });
}

async function offersOpenTo(world: World, shelter: Shelter) {
  const page = { pageSize: 50, pageToken: '' };
  return (await call(world.referral, 'listOpenOffers', page, await shelter.as('provider-staff')))
    .offers;
}

/** The relations to a person that have not ended, as the vault records them. */
const relationsOf = (world: World, reference: string) =>
  rows(
    world,
    'case-vault',
    'SELECT hold_id, organisation_id FROM relation WHERE reference = $1 AND ended_at IS NULL',
    [reference],
  );
