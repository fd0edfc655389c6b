import { randomUUID } from 'node:crypto';
import { asAdmin } from '@opennrm/infra/local';
import { createLog, type Database, type Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { manualClock, type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startTimers } from './timers.ts';

const log = createLog('spec', 'silent');
const NOW = instant(1_000_000);
const MANY = 10_000;
let test: TestDatabase;
let database: Database;
let timers: ReturnType<typeof startTimers> | undefined;
beforeAll(async () => {
  const ownerSql = `CREATE TABLE alarm (id uuid PRIMARY KEY, generation int NOT NULL, broken boolean NOT NULL);
    GRANT ALL ON alarm TO messaging_service`;
  test = await testDatabase('messaging', { ownerSql });
  ({ database } = test);
});
afterAll(() => test.drop());
beforeEach(async () => {
  for (const table of ['alarm', 'timers']) await database.query(`DELETE FROM ${table}`);
});
afterEach(async () => {
  await timers?.stop();
  timers = undefined;
});

async function arm(count: number, due: number, broken: boolean): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await database.query(
    'INSERT INTO alarm (id, generation, broken) SELECT unnest($1::uuid[]), 1, $2',
    [ids, broken],
  );
  await database.query(
    `INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
     SELECT 'alarm', id, 1, 'ring', $2::bigint + nth FROM unnest($1::uuid[]) WITH ORDINALITY AS a (id, nth)`,
    [ids, due],
  );
  return ids;
}

async function ring(tx: Transaction, id: string): Promise<void> {
  const sql = 'UPDATE alarm SET generation = generation + 1 WHERE id = $1 RETURNING broken';
  const { rows } = await tx.query<{ broken: boolean }>(sql, [id]);
  if (rows[0]?.broken) throw new TypeError('a state that this version cannot read');
}

const start = (fire: (tx: Transaction, id: string, now: Instant) => Promise<void> = ring): void => {
  timers = startTimers({
    database,
    clock: manualClock(NOW),
    clockAgrees: () => true,
    log,
    fire: { alarm: fire },
  });
};

interface Row {
  due: number;
  failures: number;
  seconds: number | null;
}
async function timerOf(id: string | undefined): Promise<Row | undefined> {
  const sql = `SELECT due, failures, extract(epoch FROM retry_at - clock_timestamp())::float AS seconds
               FROM timers WHERE aggregate_id = $1`;
  return (await database.query<Row>(sql, [id])).rows[0];
}
const untilGone = (id: string | undefined): Promise<void> =>
  vi.waitFor(async () => expect(await timerOf(id)).toBeUndefined(), {
    timeout: 60_000,
    interval: 50,
  });

it('a sound timer that is due after ten thousand failing, untried timers fires before most of them are tried', async () => {
  await arm(MANY, 100_000, true);
  const [sound] = await arm(1, 900_000, false);
  let before = 0;
  start((tx, id) => {
    if (id !== sound) before++;
    return ring(tx, id);
  });
  await untilGone(sound);
  expect(before).toBeLessThan(MANY / 2);
});

it('every failing timer is tried, also when there are more than one read returns', async () => {
  const failing = await arm(350, 100_000, true);
  start();
  const untried = 'SELECT 1 FROM timers WHERE failures = 0';
  await vi.waitFor(async () => expect((await database.query(untried)).rowCount).toBe(0), {
    timeout: 60_000,
  });
  expect((await database.query('SELECT 1 FROM timers')).rowCount).toBe(failing.length);
});

it('a sound timer fires at once while ten thousand failing timers are due for a retry', async () => {
  await arm(MANY, 100_000, true);
  await database.query(
    `UPDATE timers SET failures = 9, retry_at = clock_timestamp() - interval '1 second'`,
  );
  const [sound] = await arm(1, 900_000, false);
  let before = 0;
  start(async (tx, id) => {
    if (id !== sound && (await timerOf(sound))) before++;
    await ring(tx, id);
  });
  await untilGone(sound);
  expect(before).toBeLessThan(25);
});

it('a failing timer keeps its due moment and waits twice as long after each failure, five minutes at most', async () => {
  const [failing] = await arm(1, 900_000, true);
  const { due } = (await timerOf(failing)) ?? {};
  const nextTry = async (failures: number, atLeast: number, atMost: number): Promise<void> => {
    await database.query(
      `UPDATE timers SET failures = $1, retry_at = CASE WHEN $1 > 0 THEN clock_timestamp() - interval '1 second' END`,
      [failures],
    );
    if (!timers) start();
    await vi.waitFor(async () => expect((await timerOf(failing))?.failures).toBe(failures + 1), {
      timeout: 60_000,
    });
    const seconds = (await timerOf(failing))?.seconds ?? 0;
    expect(seconds).toBeLessThanOrEqual(atMost);
    expect(seconds).toBeGreaterThan(atLeast);
  };
  await nextTry(0, 0, 1);
  await nextTry(3, 4, 8);
  await nextTry(4, 12, 16);
  await nextTry(8, 250, 256);
  await nextTry(9, 290, 300);
  await nextTry(200, 290, 300);
  expect((await timerOf(failing))?.due).toBe(due);
});

it('the timers do not wait for an aggregate that another transaction has locked, and fire its timer after that transaction has ended', async () => {
  const locked = await arm(120, 100_000, false);
  const [free] = await arm(1, 900_000, false);
  await asAdmin(test.ownerUrl, async (other) => {
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM alarm WHERE id = ANY ($1) FOR UPDATE', [locked]);
    start();
    await untilGone(free);
    expect((await database.query('SELECT 1 FROM timers')).rowCount).toBe(locked.length);
    await other.query('COMMIT');
  });
  for (const id of locked) await untilGone(id);
});

it('the timers do not wait long for a row that a handler needs and another transaction has locked', async () => {
  const [shared] = await arm(1, 9_000_000, false);
  const needing = await arm(8, 100_000, false);
  const [free] = await arm(1, 900_000, false);
  await asAdmin(test.ownerUrl, async (other) => {
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM alarm WHERE id = $1 FOR UPDATE', [shared]);
    start(async (tx, id) => {
      if (needing.includes(id as never))
        await tx.query('SELECT 1 FROM alarm WHERE id = $1 FOR UPDATE', [shared]);
      await ring(tx, id);
    });
    await untilGone(free);
    await other.query('COMMIT');
  });
  for (const id of needing) await untilGone(id);
});

it('a timer whose own row is locked by another transaction is not retried in a tight loop', async () => {
  const [locked] = await arm(1, 100_000, true);
  let tries = 0;
  await asAdmin(test.ownerUrl, async (other) => {
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM timers WHERE aggregate_id = $1 FOR UPDATE', [locked]);
    const began = performance.now();
    start(async (tx, id) => {
      tries++;
      await ring(tx, id);
    });
    await vi.waitFor(() => expect(tries).toBeGreaterThan(3), { timeout: 60_000 });
    expect(performance.now() - began).toBeGreaterThan(3 * 200);
    await other.query('COMMIT');
  });
});
