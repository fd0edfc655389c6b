import { randomUUID } from 'node:crypto';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { expect, it, vi } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { lockCases } from '../outbound/case-bases.ts';
import { lockAndCountEmergencies } from '../outbound/emergency-quota.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import { directoryService, requestOfDirectory } from './directory-provider.fixture.ts';
import { book, directorySpecs, inHours } from './directory-specs.fixture.ts';
import { onTimeOfBook } from './on-time-of-book.ts';
import * as places from './places.ts';
import { wakeAll } from './wake-all.fixture.ts';

const { world, ask, stageOf, placesOf, agreed } = directorySpecs();

/** Waits until so many transactions wait for a lock. */
const waiting = (count: number) =>
  vi.waitFor(
    async () => {
      const { rows } = await world().database.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      expect(rows.length).toBeGreaterThanOrEqual(count);
    },
    { timeout: 20_000, interval: 20 },
  );

it('new times of a service whose earlier times have passed wake a referral that waits for it', async () => {
  const service = await directoryService(world(), 'medical-care', book(1));
  const late = inHours(2);
  const referralId = await ask({ at: late });
  expect(await stageOf(referralId)).toBe('unplaced');
  // The timer of the earlier time is late: the rise is counted all the same.
  const later = inHours(3);
  await service.declare(book(30), later);
  await wakeAll(world().database, later);
  expect(await stageOf(referralId)).toBe('searching');
});

it('a report of a visit that is repeated after the end of the service takes no unit again', async () => {
  const service = await directoryService(world(), 'material-help', { kind: 'count', places: 1 });
  const referralId = await ask({ needCode: 'material-help' });
  const holdId = await agreed(referralId, service);
  const keep = (at: Instant) =>
    world().inTransaction((tx) =>
      places.changeHold(tx, pack, holdId, service.callAt(at), places.keep),
    );
  await keep(inHours(1));
  const end = pack.endOfServiceCodes[0]?.code ?? '';
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(2)), places.end(end)),
  );
  expect((await placesOf(service)).holds).toEqual([]);
  expect(await keep(inHours(3))).toMatchObject({ refusal: 'service-ended', field: 'hold_id' });
  expect((await placesOf(service)).holds).toEqual([]);
});

it('a report of a visit that is repeated while the service ends takes no unit again', async () => {
  const service = await directoryService(world(), 'material-help', { kind: 'count', places: 1 });
  const referralId = await ask({ needCode: 'material-help' });
  const holdId = await agreed(referralId, service);
  const record = (tx: Transaction, n: number, command: places.HoldCommand) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(n)), command);
  await world().inTransaction((tx) => record(tx, 1, places.keep));
  const { repeated } = await world().inTransaction(async (tx) => {
    await record(tx, 2, places.end(pack.endOfServiceCodes[0]?.code ?? ''));
    const another = world().inTransaction((other) => record(other, 3, places.keep));
    await waiting(1);
    return { repeated: another };
  });
  expect(await repeated).toMatchObject({ refusal: 'service-ended' });
  expect((await placesOf(service)).holds).toEqual([]);
});

it('the places of a service store nothing about the person but how many they are and their pairs', async () => {
  const service = await directoryService(world(), 'medical-care', book(5));
  await ask();
  expect(Object.keys((await placesOf(service)).holds[0]?.terms ?? {}).sort()).toEqual([
    'apartIds',
    'places',
    'serviceId',
    'unitKind',
  ]);
});

it('a service of the directory whose times have all passed is not asked', async () => {
  const { serviceId } = await directoryService(world(), 'medical-care', book(1));
  await world().inTransaction((tx) => onTimeOfBook(tx, serviceId, inHours(1)));
  const referralId = await ask({ at: inHours(2) });
  expect((await world().stateOf(referralId)).offers).toEqual([]);
});

it('a request that replaces a referral and another request of the same person never wait for each other in a circle', async () => {
  await directoryService(world(), 'medical-care', book(7, 8, 9, 10));
  const call = callOf(monday);
  const under = randomUUID();
  const replaces = await ask({ call, under });
  const own = randomUUID();
  const failures: unknown[] = [];
  const codeOf = (error: { code?: string }) => void failures.push(error.code);
  let replacement: Promise<unknown> | undefined;
  const other = world().inTransaction(async (tx) => {
    // The first locks that a request of an emergency takes.
    await lockCases(tx, [own]);
    await lockAndCountEmergencies(tx, call.actor.person, call.actor.organisation);
    replacement = ask({ call, under, replaces }).catch(codeOf);
    await waiting(1);
    await requestOfDirectory(tx, { call, under: own });
  });
  await other.catch(codeOf);
  await replacement;
  expect(failures).toEqual([]);
});
