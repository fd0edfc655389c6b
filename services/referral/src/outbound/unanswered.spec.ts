import { after, hours, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { acceptOffer } from '../domain/answers.ts';
import { unitConfirmed } from '../domain/confirming.ts';
import type { Decide } from '../domain/decide.ts';
import type { ServiceId } from '../domain/need.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { decideWithKnowledge } from './knowledge.ts';
import { referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(2));

const at = (minute: number): Instant => after(monday, minutes(minute));
const tomorrow = after(monday, hours(25));

/** A referral with two open offers, and a function that applies a decision to one of them. */
async function twoOpen() {
  const { referralId } = await world.requestEmergency();
  const { offers } = await world.stateOf(referralId);
  const happens = (nth: number, decide: (offerId: string) => Decide) =>
    world.applyDecision(referralId, at(1), decide(offers[nth]?.offerId ?? ''));
  const holds =
    (offerId: string): Decide =>
    (referral, knowledge) =>
      unitHeld(referral, offerId, knowledge);
  await happens(0, holds);
  await happens(1, holds);
  return { referralId, happens, services: offers.map((offer) => offer.serviceId) };
}
const accepts =
  (offerId: string): Decide =>
  (referral, knowledge) =>
    acceptOffer(referral, offerId, knowledge);
const confirms =
  (offerId: string): Decide =>
  (referral, knowledge) =>
    unitConfirmed(referral, offerId, knowledge);

const unanswered = (serviceId: string | undefined) =>
  world.inTransaction((tx) =>
    decideWithKnowledge(
      tx,
      pack,
      tomorrow,
      [],
      ({ loadsOf }) =>
        loadsOf([serviceId as ServiceId]).get(serviceId as ServiceId)?.unansweredLately,
    ),
  );

it('an offer that closed without an answer counts as unanswered for its service', async () => {
  const { referralId, services } = await twoOpen();
  await world.passDeadlines(referralId, tomorrow);
  expect(await unanswered(services[0])).toBe(1);
  expect(await unanswered(services[1])).toBe(1);
});

it('an offer on standby that was not needed does not count as unanswered for its service', async () => {
  const { referralId, happens, services } = await twoOpen();
  await happens(0, accepts);
  await happens(0, confirms);
  await happens(1, accepts);
  await world.passDeadlines(referralId, tomorrow);
  expect((await world.stateOf(referralId)).offers.map((offer) => offer.status)).toEqual([
    'confirmed',
    'closed',
  ]);
  expect(await unanswered(services[1])).toBe(0);
});
