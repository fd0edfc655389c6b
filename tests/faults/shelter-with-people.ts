import type { GetReferralResponse } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect } from 'vitest';
import { confirmedOffer, type Person, recordAnswers, request } from '../journeys/person.ts';
import { openShelter, type Shelter } from '../journeys/shelter.ts';
import { allMessagesConsumed, rows } from '../journeys/state.ts';
import { eventsOf, eventually, readReferral, untilState, type World } from '../journeys/world.ts';

/** People with a referral, and a shelter with a bed for each. */
export interface ShelterWithPeople {
  readonly shelter: Shelter;
  readonly people: readonly Person[];
}

export const openShelterWithBeds = (world: World, beds: number): Promise<Shelter> =>
  openShelter(world, { beds });

export const requestReferrals = (world: World, many: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: many }, () => request(world)));

/** For each person: waits for an open offer, accepts it, and records that the person agrees to the confirmed place. */
export async function bringToPlaced(
  world: World,
  { shelter, people }: ShelterWithPeople,
): Promise<void> {
  const staff = await shelter.as('provider-staff');
  await Promise.all(
    people.map(async (person) => {
      const offerId = await untilOfferOpen(world, person);
      await call(world.referral, 'acceptOffer', { offerId }, staff);
      await untilState(world, person.referralId, 'awaiting-person');
      await recordAnswers(world, person, true);
      await untilState(world, person.referralId, 'agreed');
    }),
  );
}

/** Waits until an offer for this person can be answered. @returns its id. */
export const untilOfferOpen = (world: World, { referralId }: Person): Promise<string> =>
  eventually(async () => {
    const referral = await readReferral(world, referralId);
    const open = openOfferOf(referral);
    if (!open)
      throw new Error(
        `no offer is open; the referral is ${referral.state} after ${eventsOf(referral)}`,
      );
    return open.offerId;
  });

const openOfferOf = ({ offers }: GetReferralResponse) =>
  offers.find(({ status }) => status === 'open' || status === 'softened');

/** Within this time each referral searches again, even if searches are interrupted a few times. */
const MINUTES_AT_MOST = 10;

/**
 * Waits until each person has an offer that can be answered. A freed unit starts a search at any moment, and a hold that is requested while business
 * time moves misses its deadline: such a referral searches again after a minute. So business time moves by a minute whenever no message is under
 * way and a person has no offer.
 */
export async function untilAllAsked(world: World, people: readonly Person[]): Promise<void> {
  for (let minute = 0; minute <= MINUTES_AT_MOST; minute++) {
    await nothingDue(world);
    await allMessagesConsumed(world);
    const referrals = await Promise.all(
      people.map(({ referralId }) => readReferral(world, referralId)),
    );
    if (referrals.every(openOfferOf)) return;
    await world.advanceTime(minutes(1));
  }
  throw new Error(`not every person has an offer after ${MINUTES_AT_MOST} minutes`);
}

/** Waits until no referral has a deadline in the past. */
const nothingDue = (world: World): Promise<void> =>
  eventually(async () => {
    const overdue = 'SELECT id FROM referral WHERE next_step_by < $1';
    expect(await rows(world, 'referral', overdue, [world.now()])).toEqual([]);
  });

/** Checks that each person has one bed, that the shelter has no other hold, and that both services agree (promises 1 and 2). */
export async function eachHasOneBed(
  world: World,
  { shelter, people }: ShelterWithPeople,
): Promise<void> {
  const sql = 'SELECT hold_id, unit_id FROM occupancy WHERE provider_id = $1';
  const occupied = await rows<{ hold_id: string }>(world, 'shelter-capacity', sql, [shelter.id]);
  const confirmed = await Promise.all(
    people.map(async ({ referralId }) => confirmedOffer(await readReferral(world, referralId))),
  );
  expect(occupied.map((one) => one.hold_id).sort()).toEqual(confirmed.sort());
}

/** Waits until `referral` has sent all its messages. */
export const outboxIsEmpty = (world: World): Promise<void> =>
  eventually(async () => {
    expect(await rows(world, 'referral', 'SELECT 1 FROM outbox')).toHaveLength(0);
  });

/** Takes a free unit out of service: only the shelter records this, so no other service could send it again. */
export async function takeOutOfService(
  world: World,
  shelter: { siteId: string; as(role: string): Promise<{ token: string }> },
): Promise<string[]> {
  const staff = await shelter.as('provider-staff');
  const { units } = await call(
    world.shelters,
    'listUnits',
    { siteId: shelter.siteId, pageSize: 10, pageToken: '' },
    staff,
  );
  const free = units
    .filter((unit) => unit.state === 'free')
    .slice(0, 1)
    .map((unit) => unit.unitId);
  for (const unitId of free)
    await call(
      world.shelters,
      'setOutOfService',
      { unitId, outOfService: true, code: 'repair' },
      staff,
    );
  return free;
}
