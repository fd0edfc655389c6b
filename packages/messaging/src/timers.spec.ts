import { randomUUID } from 'node:crypto';
import { createLog, type Database, type Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { manualClock, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { wakingDatabase } from './start.ts';
import { startTimers, type TimerSettings, type Timers } from './timers.ts';

const log = createLog('spec', 'silent');
const clock = manualClock(instant(1_000));
let database: Database;
let drop: () => Promise<void>;
let running: Timers[] = [];
let agrees = true;
beforeAll(async () => {
  const ownerSql = `CREATE TABLE alarm (id uuid PRIMARY KEY, generation int NOT NULL, fired int NOT NULL DEFAULT 0);
    GRANT SELECT, INSERT, UPDATE ON alarm TO messaging_service`;
  ({ database, drop } = await testDatabase('messaging', { ownerSql }));
});
afterAll(() => drop());
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});

/** Waits long enough for a busy machine. */
const eventually = (look: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(look, { timeout: 60_000 });

const start = (
  fire: (tx: Transaction, id: string, now: Instant) => Promise<void>,
  options: Pick<TimerSettings, 'part' | 'pollMs'> = {},
): Timers => {
  const timers = startTimers({
    database,
    clock,
    clockAgrees: () => agrees,
    log,
    fire: { alarm: fire },
    ...options,
  });
  running.push(timers);
  return timers;
};

/** Starts timers that are read once an hour. Resolves when they were read for the first time. */
async function startHourly(fire: (tx: Transaction, id: string) => Promise<void>): Promise<Timers> {
  const read = Promise.withResolvers<void>();
  const part = { moved: () => read.resolve(), during: <T>(work: () => Promise<T>) => work() };
  const timers = start(fire, { part, pollMs: 3_600_000 });
  await read.promise;
  return timers;
}

async function arm(
  id: string,
  due: number,
  generation = 1,
  on: Pick<Database, 'query'> = database,
): Promise<void> {
  await on.query(
    'INSERT INTO alarm (id, generation) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET generation = excluded.generation',
    [id, generation],
  );
  await on.query(
    'INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) VALUES ($1, $2, $3, $4, $5)',
    ['alarm', id, generation, 'ring', due],
  );
}

/** What an aggregate does when its deadline passes: it changes, and its deadline moves. */
const ring = async (tx: Transaction, id: string): Promise<void> => {
  await tx.query('UPDATE alarm SET fired = fired + 1, generation = generation + 1 WHERE id = $1', [
    id,
  ]);
};

const firedOf = async (id: string): Promise<number> =>
  (await database.query<{ fired: number }>('SELECT fired FROM alarm WHERE id = $1', [id])).rows[0]
    ?.fired ?? -1;
const timersOf = async (id: string): Promise<number> =>
  (await database.query('SELECT 1 FROM timers WHERE aggregate_id = $1', [id])).rowCount ?? -1;

it('a timer fires when business time reaches its moment, not before', async () => {
  const id = randomUUID();
  await arm(id, clock.now() + 5_000);
  start(ring);
  clock.advance(4_999);
  const before = await firedOf(id);
  clock.advance(1);
  await eventually(async () => expect(await firedOf(id)).toBe(1));
  expect(before).toBe(0);
  await eventually(async () => expect(await timersOf(id)).toBe(0));
});

it('a commit of this process has its due timer fire although the timers are read once an hour', async () => {
  const timers = await startHourly(ring);
  const waking = wakingDatabase(database, () => timers.wake());
  for (const id of [randomUUID(), randomUUID()]) {
    await waking.transaction((tx) => arm(id, clock.now(), 1, tx));
    await eventually(async () => expect(await firedOf(id)).toBe(1));
  }
});

it('a timer that a commit of this process set fires when it is due although the timers are read once an hour', async () => {
  const [later, next] = [randomUUID(), randomUUID()];
  const timers = await startHourly(ring);
  const waking = wakingDatabase(database, () => timers.wake());
  await waking.transaction((tx) => arm(later, clock.now() + 5_000, 1, tx));
  await waking.transaction((tx) => arm(next, clock.now(), 1, tx));
  await eventually(async () => expect(await firedOf(next)).toBe(1));
  expect(await firedOf(later)).toBe(0);
  clock.advance(5_000);
  await eventually(async () => expect(await firedOf(later)).toBe(1));
});

it('a timer that another replica set after the last look is found by the next one', async () => {
  const id = randomUUID();
  let looks = 0;
  const part = { moved: () => void looks++, during: <T>(work: () => Promise<T>) => work() };
  start(ring, { part });
  await eventually(() => expect(looks).toBeGreaterThan(0));
  await arm(id, clock.now());
  await eventually(async () => expect(await firedOf(id)).toBe(1));
});

it('a failed timer is tried again at its time although the timers are read once an hour', async () => {
  await arm(randomUUID(), clock.now());
  let tries = 0;
  start(
    async () => {
      tries++;
      throw new Error('broken');
    },
    { pollMs: 3_600_000 },
  );
  await eventually(() => expect(tries).toBeGreaterThan(2));
  await database.query('DELETE FROM timers');
});

it('a timer whose generation is not the newest is dropped', async () => {
  const id = randomUUID();
  await arm(id, clock.now() - 10, 1);
  await arm(id, clock.now() + 1_000_000, 2);
  start(ring);
  await eventually(async () => expect(await timersOf(id)).toBe(1));
  expect(await firedOf(id)).toBe(0);
});

it('a timer fires once although several workers run', async () => {
  const ids = Array.from({ length: 40 }, () => randomUUID());
  for (const id of ids) await arm(id, clock.now());
  for (let worker = 0; worker < 3; worker++) start(ring);
  await eventually(async () => {
    const fired = await Promise.all(ids.map(firedOf));
    expect(fired.every((times) => times === 1)).toBe(true);
  });
});

it('a firing timer does not block a command that sets the deadline again', async () => {
  const ids = Array.from({ length: 20 }, () => randomUUID());
  for (const id of ids) await arm(id, clock.now());
  start(ring);
  const commands = ids.map((id) =>
    database.transaction(async (tx) => {
      const { rows } = await tx.query<{ generation: number }>(
        'SELECT generation FROM alarm WHERE id = $1 FOR UPDATE',
        [id],
      );
      const generation = (rows[0]?.generation ?? 0) + 1;
      await tx.query('UPDATE alarm SET generation = $2 WHERE id = $1', [id, generation]);
      await tx.query(
        'INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) VALUES ($1, $2, $3, $4, $5)',
        ['alarm', id, generation, 'ring', clock.now()],
      );
    }),
  );
  await Promise.all(commands);
  await eventually(async () =>
    expect(await Promise.all(ids.map(timersOf))).toEqual(ids.map(() => 0)),
  );
});

it('a timer whose handler changes nothing is kept with its moment, the handler is rolled back, and the timer is tried again', async () => {
  const id = randomUUID();
  const due = clock.now();
  await arm(id, due);
  let tries = 0;
  start(async (tx) => {
    tries++;
    await tx.query('UPDATE alarm SET fired = 99 WHERE id = $1', [id]);
  });
  await eventually(() => expect(tries).toBeGreaterThan(1));
  const { rows } = await database.query<{ due: number }>(
    'SELECT due FROM timers WHERE aggregate_id = $1',
    [id],
  );
  expect(rows).toEqual([{ due }]);
  expect(await firedOf(id)).toBe(0);
});

it('a failing timer waits longer before each retry while other timers fire', async () => {
  const [broken, sound] = [randomUUID(), randomUUID()];
  await arm(broken, clock.now() - 1);
  await arm(sound, clock.now());
  const tries: number[] = [];
  start(async (tx, id) => {
    if (id === sound) return ring(tx, id);
    if (id === broken) tries.push(performance.now());
    throw new Error('broken');
  });
  await eventually(() => expect(tries.length).toBe(3));
  expect(await firedOf(sound)).toBe(1);
  const [first = 0, second = 0, third = 0] = tries;
  expect(second - first).toBeGreaterThanOrEqual(1_000);
  expect(third - second).toBeGreaterThanOrEqual(2_000);
});

it('no timer fires while the clock disagrees with the database, and due timers fire when it agrees again', async () => {
  const [wrong, right] = [randomUUID(), randomUUID()];
  agrees = false;
  await arm(wrong, clock.now());
  let checks = 0;
  const timers = startTimers({
    database,
    clock,
    log,
    fire: { alarm: ring },
    clockAgrees: () => {
      checks++;
      return agrees;
    },
  });
  running.push(timers);
  await eventually(() => expect(checks).toBeGreaterThan(2));
  expect(await firedOf(wrong)).toBe(0);
  agrees = true;
  await arm(right, clock.now());
  await eventually(async () =>
    expect([await firedOf(wrong), await firedOf(right)]).toEqual([1, 1]),
  );
});

it('no timer fires when the wall clock was set wrong since the last comparison, and no failure is counted', async () => {
  const id = randomUUID();
  await arm(id, clock.now());
  const hour = 3_600_000;
  const ahead = vi
    .spyOn(Date, 'now')
    .mockImplementation(() => performance.timeOrigin + performance.now() + hour);
  try {
    let checks = 0;
    const clockAgrees = (): boolean => ++checks > 0;
    running.push(startTimers({ database, clock, clockAgrees, log, fire: { alarm: ring } }));
    await vi.waitUntil(() => checks > 2, { timeout: 60_000 });
    expect(await firedOf(id)).toBe(0);
    const { rows } = await database.query('SELECT failures FROM timers WHERE aggregate_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ failures: 0 }]);
  } finally {
    ahead.mockRestore();
  }
  await eventually(async () => expect(await firedOf(id)).toBe(1));
});
