import { createLog, type Database, type Transaction } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { manualClock, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { applySlice } from './inbox/apply.ts';
import { LETTERS_TABLE, letters, reader, receivedLetter, storeLetter } from './letters.fixture.ts';
import { deleteOldRequests, startReleases } from './release.ts';
import { CannotApply, type Subscription, subscription } from './subscription.ts';

const clock = manualClock(instant(1));
let database: Database;
let drop: () => Promise<void>;
let running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  const ownerSql = `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`;
  ({ database, drop } = await testDatabase('messaging', { ownerSql }));
});
afterAll(() => drop());
beforeEach(async () => {
  for (const table of ['letters', 'inbox', 'quarantine', 'parked', 'release_requests'])
    await database.query(`DELETE FROM ${table}`);
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});

/** An older version of a reader, which cannot read what a newer producer writes. */
const older = subscription(
  { ...letters, decode: () => undefined },
  { written: async () => undefined },
);

/** Parks letters 1 to `many`. */
async function waiting(key: string, many: number): Promise<void> {
  const slice = Array.from({ length: many }, (_, nth) =>
    receivedLetter({ key, sequence: nth + 1 }, { $case: 'written', value: String(nth + 1) }),
  );
  await database.transaction((tx) => applySlice(tx, older, slice, clock.now()));
}
const start = (by: Subscription = reader()): void => {
  running.push(
    startReleases({ database, subscriptions: [by], clock, log: createLog('spec', 'silent') }),
  );
};
/** Writes the row that `npm run ops -- release` writes. */
async function ask(key: string, { skip = false, topic = letters.name } = {}): Promise<number> {
  const { rows } = await database.query<{ id: number }>(
    `INSERT INTO release_requests (topic, key, skip, asked_by) VALUES ($1, $2, $3, 'operator-1') RETURNING id`,
    [topic, key, skip],
  );
  return rows[0]?.id ?? 0;
}
/** How many were applied. Undefined until the request is done. */
async function applied(id: number): Promise<number | undefined> {
  const { rows } = await database.query<{ applied: number }>(
    'SELECT applied FROM release_requests WHERE id = $1 AND done_at IS NOT NULL',
    [id],
  );
  return rows[0]?.applied;
}
const done = (id: number, many: number) =>
  vi.waitFor(async () => expect(await applied(id)).toBe(many), { timeout: 60_000 });
const lettersOf = async (key: string): Promise<string> =>
  (await database.query<{ words: string }>('SELECT words FROM letters WHERE key = $1', [key]))
    .rows[0]?.words ?? '';
const left = async (): Promise<number[]> =>
  (
    await database.query<{ sequence: number }>('SELECT sequence FROM parked ORDER BY sequence')
  ).rows.map((row) => row.sequence);
const failingOn = (...failing: string[]): Subscription =>
  reader(async (tx, key, letter) => {
    if (failing.includes(letter)) throw new CannotApply('never');
    await storeLetter(tx, key, letter);
  });

it('a release applies the waiting messages when a newer version can read them, and records who asked and how many were applied', async () => {
  await waiting('a', 3);
  const id = await ask('a');
  start();
  await done(id, 3);
  expect([await lettersOf('a'), await left()]).toEqual(['123', []]);
  const { rows } = await database.query('SELECT asked_by, skip FROM release_requests');
  expect(rows).toEqual([{ asked_by: 'operator-1', skip: false }]);
  expect((await database.query('SELECT 1 FROM quarantine')).rowCount).toBe(0);
});

it('a release with skip gives up only the first waiting message', async () => {
  await waiting('a', 3);
  const id = await ask('a', { skip: true });
  start();
  await done(id, 2);
  expect(await lettersOf('a')).toBe('23');
  expect((await database.query('SELECT 1 FROM release_requests WHERE skip')).rowCount).toBe(1);
});

it('a release with skip gives up one message, not one for each replica that received the request', async () => {
  await waiting('a', 8);
  const id = await ask('a', { skip: true });
  for (let replica = 0; replica < 4; replica++) start(older);
  await done(id, 0);
  await Promise.all(running.map((one) => one.stop()));
  expect(await left()).toEqual([2, 3, 4, 5, 6, 7, 8]);
});

it('a release applies the messages before one that still fails, and that one keeps waiting with its reason', async () => {
  await waiting('a', 4);
  const id = await ask('a');
  start(failingOn('3'));
  await done(id, 2);
  expect([await lettersOf('a'), await left()]).toEqual(['12', [3, 4]]);
  const { rows } = await database.query('SELECT reason FROM parked WHERE sequence = 3');
  expect(rows).toEqual([{ reason: 'handler-failed' }]);
});

it('a release that still fails does not keep other releases from being tried', async () => {
  await waiting('a', 1);
  await waiting('b', 1);
  const asked = [await ask('a'), await ask('b')];
  start(
    reader(async (tx, key, letter) =>
      key === 'a' ? Promise.reject(new Error('again')) : storeLetter(tx, key, letter),
    ),
  );
  await done(asked[1] ?? 0, 1);
  await done(asked[0] ?? 0, 0);
});

it('repeated releases with skip give up several messages in a row that can never be applied', async () => {
  await waiting('a', 3);
  start(failingOn('1', '2'));
  await done(await ask('a', { skip: true }), 0);
  expect(await left()).toEqual([2, 3]);
  await done(await ask('a', { skip: true }), 1);
  expect([await lettersOf('a'), await left()]).toEqual(['3', []]);
});

it('a release stays open after a transient fault and is tried again in a new transaction', async () => {
  await waiting('a', 1);
  const tries: Transaction[] = [];
  start(
    reader(async (tx, key, letter) => {
      if (tries.push(tx) === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
      await storeLetter(tx, key, letter);
    }),
  );
  await done(await ask('a'), 1);
  expect([await lettersOf('a'), new Set(tries).size]).toEqual(['1', 2]);
});

it('a release for a topic that this service does not read is done at once', async () => {
  start();
  await done(await ask('a', { topic: 'opennrm.writer.somebody-else.v1' }), 0);
});

it('a release is done although thirty earlier requests fail each time', async () => {
  for (const key of ['sound', 'broken']) await waiting(key, 1);
  const broken = await Promise.all(Array.from({ length: 30 }, () => ask('broken')));
  const sound = await ask('sound');
  start(
    reader(async (tx, key, letter) => {
      if (key === 'broken')
        throw Object.assign(new Error('the connection is gone'), { code: 'ECONNRESET' });
      await storeLetter(tx, key, letter);
    }),
  );
  await done(sound, 1);
  expect(await Promise.all(broken.map(applied))).toEqual(broken.map(() => undefined));
});

it('requests that were done 30 days ago are deleted, except those that gave up a message and those that are not done', async () => {
  const [done, recent, skipped, open] = [
    await ask('a'),
    await ask('b'),
    await ask('c', { skip: true }),
    await ask('d'),
  ];
  const finish = (id: number, days: number) =>
    database.query(
      'UPDATE release_requests SET done_at = now() - make_interval(days => $2) WHERE id = $1',
      [id, days],
    );
  await Promise.all([finish(done, 31), finish(recent, 29), finish(skipped, 31)]);
  await deleteOldRequests(database);
  const { rows } = await database.query<{ id: number }>('SELECT id FROM release_requests');
  expect(rows.map(({ id }) => id).toSorted()).toEqual([recent, skipped, open].toSorted());
});
