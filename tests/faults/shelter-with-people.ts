import type { GetReferralResponse } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect } from 'vitest';
import { confirmedOffer, type Person, recordAnswers, request } from '../journeys/person.ts';
import { openShelter, type Shelter } from '../journeys/shelter.ts';
import { allMessagesConsumed, rows } from '../journeys/state.ts';
import { eventsOf, eventually, readReferral, untilState, type World } from '../journeys/world.ts';

/** People on the road while something breaks, and a shelter with a bed for each. */
export interface ShelterWithPeople {
  readonly shelter: Shelter;
  readonly people: readonly Person[];
}

export const openShelterWithBeds = (world: World, beds: number): Promise<Shelter> =>
  openShelter(world, { beds });

export const requestReferrals = (world: World, many: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: many }, () => request(world)));

/** Each offer is accepted as soon as there is one, and each person says yes to the place that is then promised. */
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
      await untilState(world, person.referralId, 'placed');
    }),
  );
}

/** Waits until somebody can answer for this person. @returns the offer. */
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

/** In so many minutes of business time everybody is asked for again; each may be interrupted a few times. */
const MINUTES_AT_MOST = 10;

/**
 * Waits until somebody can answer for each. A unit that becomes free lets a referral ask at any moment, and a hold that is being asked for while the
 * clock is moved gets no answer in time: such a referral asks again after a minute. So a minute passes each time that nothing is under way and somebody
 * has no offer.
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
  throw new Error(`not everybody has an offer after ${MINUTES_AT_MOST} minutes`);
}

/** Whatever fell due was done. */
const nothingDue = (world: World): Promise<void> =>
  eventually(async () => {
    const overdue = 'SELECT id FROM referral WHERE next_step_by < $1';
    expect(await rows(world, 'referral', overdue, [world.now()])).toEqual([]);
  });

/** Each has one bed, no bed has two holders, nothing else is taken, and both services say the same (promises 1 and 2). */
export async function eachHasOneBed(
  world: World,
  { shelter, people }: ShelterWithPeople,
): Promise<void> {
  const sql = 'SELECT hold_id, unit_id FROM occupancy WHERE provider_id = $1';
  const taken = await rows<{ hold_id: string }>(world, 'shelter-capacity', sql, [shelter.id]);
  const promised = await Promise.all(
    people.map(async ({ referralId }) => confirmedOffer(await readReferral(world, referralId))),
  );
  expect(taken.map((one) => one.hold_id).sort()).toEqual(promised.sort());
}

/** What `referral` has decided is on its topics. */
export const outboxIsEmpty = (world: World): Promise<void> =>
  eventually(async () => {
    expect(await rows(world, 'referral', 'SELECT 1 FROM outbox')).toHaveLength(0);
  });

/** Something that only the shelter decides, and that no other service could tell it again. */
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
