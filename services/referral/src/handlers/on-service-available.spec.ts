import { randomUUID } from 'node:crypto';
import { systemAuthor } from '@opennrm/messaging';
import { after, hours, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Service } from '../domain/matching/service.ts';
import type { CaseReference, MemberId, OrganisationId, ReferralId } from '../domain/need.ts';
import { unitHeld } from '../domain/offering.ts';
import { type LoadedService, monday, need, pack } from '../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { changeReferral } from './change-referral.ts';
import { accreditService } from './directory.ts';
import { onCapacityChanged } from './on-capacity-changed.ts';
import { onHoldRefused } from './on-hold-refused.ts';
import { request } from './requests.ts';
import { wakeAll } from './wake-all.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
let shelter: Service;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(async () => {
  await world.database.query(
    `UPDATE referral SET stage = 'ended', asked_count = NULL WHERE stage <> 'ended'`,
  );
  shelter = (await world.setShelters(1))[0] as Service;
});

async function asks(
  group: string,
  at: Instant = monday,
  accessibility: readonly string[] = [],
): Promise<string> {
  const call = callOf(at);
  const asked = {
    referralId: randomUUID() as string as ReferralId,
    ownerOrg: call.actor.organisation as OrganisationId,
    requestedBy: call.actor.person,
    need: { ...need, group, accessibility },
    urgency: 'emergency' as const,
    basis: 'vital-interest',
    foundTogether: undefined,
    party: [
      {
        memberId: randomUUID() as string as MemberId,
        caseReference: randomUUID() as string as CaseReference,
        underEighteen: 'no' as const,
      },
    ],
  };
  await world.inTransaction((tx) => request(tx, pack, asked, call));
  return asked.referralId;
}

const metaOf = (key: string, now: Instant) => ({
  id: randomUUID(),
  key,
  sequence: 1,
  epoch: 1,
  at: now,
  now,
});

const reportsFree = (units: number, now: Instant, { serviceId } = shelter) =>
  world.inTransaction((tx) =>
    onCapacityChanged(tx, metaOf(serviceId, now), {
      serviceId,
      unitKind: 'bed',
      free: units,
      asOf: now,
      causedByHoldId: undefined,
    }),
  );

/** `not-possible-here`: this person cannot use the free unit, or must be kept apart from a person there. */
async function refusesHoldOf(referralId: string, now: Instant): Promise<void> {
  const holdId = (await world.stateOf(referralId)).offers.at(-1)?.offerId ?? '';
  await world.inTransaction((tx) =>
    onHoldRefused(tx, pack, metaOf(holdId, now), holdId, 'not-possible-here'),
  );
  await wakeAll(world.database, now);
}

const stageOf = async (id: string): Promise<string> => (await world.stateOf(id)).stage.name;

it('a freed unit wakes the referral that it suits, although sixty before it do not suit', async () => {
  await reportsFree(0, monday);
  for (let nth = 0; nth < 60; nth++) await asks('men');
  const waiting = await asks('women', after(monday, minutes(1)));
  await reportsFree(1, after(monday, minutes(10)));
  const transactions = await wakeAll(world.database, after(monday, minutes(10)));
  expect(await stageOf(waiting)).toBe('searching');
  expect(transactions).toBeLessThan(5);
});

it('a message about free units changes no referral in its own transaction', async () => {
  await reportsFree(0, monday);
  const waiting = await asks('women');
  await reportsFree(1, after(monday, minutes(10)));
  expect(await stageOf(waiting)).toBe('unplaced');
  const { rows } = await world.database.query(
    `SELECT t.due, t.generation = s.generation AS waits FROM availability_signal s JOIN timers t ON t.aggregate_id = s.id`,
  );
  expect(rows).toEqual([{ due: after(monday, minutes(10)), waits: true }]);
  await wakeAll(world.database, after(monday, minutes(10)));
  expect(await stageOf(waiting)).toBe('searching');
});

it('an accreditation wakes the referrals that wait for the service', async () => {
  await world.database.query('UPDATE service SET accredited_until = NULL');
  const waiting = await asks('women');
  expect(await stageOf(waiting)).toBe('unplaced');
  const call = callOf(after(monday, minutes(5)), 'accreditor');
  await world.inTransaction((tx) =>
    accreditService(
      tx,
      pack,
      { serviceId: shelter.serviceId, until: after(monday, hours(900)) },
      call,
    ),
  );
  await wakeAll(world.database, call.at);
  expect(await stageOf(waiting)).toBe('searching');
});

it('a signal continues with the next referral when one cannot be read', async () => {
  await reportsFree(0, monday);
  const [broken, waiting] = [await asks('women'), await asks('women', after(monday, minutes(1)))];
  await world.database.query(`UPDATE referral SET state = '{}' WHERE id = $1`, [broken]);
  await reportsFree(1, after(monday, minutes(10)));
  await wakeAll(world.database, after(monday, minutes(10)));
  expect(await stageOf(waiting)).toBe('searching');
});

it('a report about a service that the directory does not know is stored, and nothing is parked', async () => {
  const serviceId = randomUUID();
  const meta = metaOf(serviceId, monday);
  const report = { serviceId, unitKind: 'bed', free: 2, asOf: monday, causedByHoldId: undefined };
  await world.inTransaction((tx) => onCapacityChanged(tx, meta, report));
  const { rows } = await world.database.query(
    'SELECT free FROM capacity_hint WHERE service_id = $1',
    [serviceId],
  );
  expect(rows).toEqual([{ free: 2 }]);
});

it('a signal passes many referrals that other rules refuse, in few transactions, and wakes the first that it suits', async () => {
  await reportsFree(0, monday);
  for (let nth = 0; nth < 45; nth++) await asks('women', monday, ['step-free']);
  const waiting = await asks('women', after(monday, minutes(1)));
  await reportsFree(1, after(monday, minutes(10)));
  const transactions = await wakeAll(world.database, after(monday, minutes(10)));
  expect(await stageOf(waiting)).toBe('searching');
  expect(transactions).toBeLessThan(6);
});

it('a refused hold wakes the next waiting referral where the shelter still has a free unit', async () => {
  await reportsFree(0, monday);
  const waiting = [
    await asks('women'),
    await asks('women', after(monday, minutes(1))),
    await asks('women', after(monday, minutes(2))),
  ];
  const stages = () => Promise.all(waiting.map(stageOf));
  const at = after(monday, minutes(10));
  await reportsFree(1, at);
  await wakeAll(world.database, at);
  expect(await stages()).toEqual(['searching', 'unplaced', 'unplaced']);
  await refusesHoldOf(waiting[0] ?? '', at);
  expect(await stages()).toEqual(['unplaced', 'searching', 'unplaced']);
  await refusesHoldOf(waiting[1] ?? '', at);
  expect(await stages()).toEqual(['unplaced', 'unplaced', 'searching']);
});

it('a refused hold wakes no referral where the shelter has no free unit', async () => {
  await reportsFree(0, monday);
  const waiting = [await asks('women'), await asks('women', after(monday, minutes(1)))];
  const at = after(monday, minutes(10));
  await reportsFree(1, at);
  await wakeAll(world.database, at);
  await reportsFree(0, at);
  await refusesHoldOf(waiting[0] ?? '', at);
  expect(await Promise.all(waiting.map(stageOf))).toEqual(['unplaced', 'unplaced']);
});

/** Two shelters: a referral that asks one of them, and the other, which has no free unit yet. */
async function asksOneOfTwo(): Promise<{ asking: string; other: Service }> {
  const [first, other] = (await world.setShelters(2)) as [LoadedService, LoadedService];
  shelter = first;
  await reportsFree(1, monday);
  await reportsFree(0, monday, other);
  const asking = await asks('women');
  const offerId = (await world.stateOf(asking)).offers[0]?.offerId ?? '';
  await world.inTransaction((tx) =>
    changeReferral(tx, pack, monday, systemAuthor, asking, (state, knowledge) =>
      unitHeld(state, offerId, knowledge),
    ),
  );
  await reportsFree(0, monday);
  await wakeAll(world.database, monday);
  return { asking, other };
}

const servicesAsked = async (id: string): Promise<string[]> =>
  (await world.stateOf(id)).offers.map(({ serviceId }) => serviceId);

it('an emergency that could ask only one service asks a second one as soon as it has a free unit', async () => {
  const { asking, other } = await asksOneOfTwo();
  expect(await servicesAsked(asking)).toEqual([shelter.serviceId]);
  const at = after(monday, minutes(5));
  await reportsFree(1, at, other);
  await wakeAll(world.database, at);
  expect(await servicesAsked(asking)).toEqual([shelter.serviceId, other.serviceId]);
});

it('a freed unit is given to a referral that asks no service before one that asks a service and has waited longer', async () => {
  const { asking, other } = await asksOneOfTwo();
  const waiting = await asks('women', after(monday, minutes(1)));
  expect(await stageOf(waiting)).toBe('unplaced');
  const at = after(monday, minutes(5));
  await reportsFree(1, at, other);
  await wakeAll(world.database, at);
  expect(await servicesAsked(waiting)).toEqual([other.serviceId]);
  expect(await servicesAsked(asking)).toEqual([shelter.serviceId]);
});

it('a freed unit wakes no referral that asks as many services as its urgency allows at once', async () => {
  const shelters = (await world.setShelters(3)) as [LoadedService, LoadedService, LoadedService];
  for (const one of shelters) await reportsFree(one === shelters[2] ? 0 : 1, monday, one);
  const asking = await asks('women');
  expect(await servicesAsked(asking)).toHaveLength(2);
  const at = after(monday, minutes(5));
  await reportsFree(1, at, shelters[2]);
  await wakeAll(world.database, at);
  expect(await servicesAsked(asking)).toHaveLength(2);
});

it('a signal continues with the next referral where the woken one asks a service that suits it better', async () => {
  const [better, freed] = (await world.setShelters(2)) as [LoadedService, LoadedService];
  const { emergency } = pack.urgencies;
  const oneAtOnce = {
    ...pack,
    urgencies: { ...pack.urgencies, emergency: { ...emergency, openAtOnce: 1 } },
  };
  const forWomen = { ...better.criteria, groups: ['women'] };
  await world.database.query(
    `UPDATE service SET version = version + 1, state = state || jsonb_build_object('promisedAnswerMinutes', 1, 'criteria', $2::jsonb) WHERE id = $1`,
    [better.serviceId, forWomen],
  );
  for (const one of [better, freed]) await reportsFree(0, monday, one);
  const [woman, family] = [await asks('women'), await asks('family', after(monday, minutes(1)))];
  // As after an outage: a unit is free, and no event has announced it.
  await world.database.query('UPDATE capacity_hint SET free = 1 WHERE service_id = $1', [
    better.serviceId,
  ]);
  const at = after(monday, minutes(5));
  await reportsFree(1, at, freed);
  await wakeAll(world.database, at, oneAtOnce);
  expect(await servicesAsked(woman)).toEqual([better.serviceId]);
  expect(await servicesAsked(family)).toEqual([freed.serviceId]);
});
