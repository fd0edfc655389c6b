import type { Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Received } from '../kafka/port.ts';
import { LETTERS_TABLE, letters, receivedLetter, storeLetter } from '../letters.fixture.ts';
import { subscription } from '../subscription.ts';
import { applySlice, releaseStream } from './apply.ts';
import { beginRebuild } from './parking.ts';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const made = await testDatabase('messaging', {
    ownerSql: `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`,
  });
  ({ database, drop } = made);
});
afterAll(() => drop());
/** What the handler received with each message, and whether the stream was in quarantine when it ran. */
let handled: string[];
beforeEach(() => begin());

async function begin(): Promise<void> {
  handled = [];
  for (const table of ['letters', 'inbox', 'quarantine', 'parked'])
    await database.query(`DELETE FROM ${table}`);
}

const reader = subscription(
  letters,
  {
    async written(tx, letter, { key, rebuild }) {
      const { rowCount } = await tx.query('SELECT 1 FROM quarantine WHERE key = $1', [key]);
      handled.push(`${letter} ${rebuild ? 'again' : 'new'}${rowCount ? ' in quarantine' : ''}`);
      await storeLetter(tx, key, letter);
    },
  },
  { onRebuilt: async () => void handled.push('complete') },
);
const NOW = instant(Date.UTC(2026, 0, 2));
const apply = (...slice: readonly Received[]) =>
  database.transaction((tx) => applySlice(tx, reader, slice, NOW));
const written = (sequence: number, epoch = 1): Received =>
  receivedLetter(
    { key: 'a', sequence, epoch, ...(epoch > 1 && { epochAfter: { epoch: 1, last: 2 } }) },
    { $case: 'written', value: String(sequence) },
  );
const rebuild = (): Promise<void> =>
  database.transaction(async (tx) => {
    await tx.query('DELETE FROM letters');
    await beginRebuild(tx, letters.name);
    handled = [];
  });
const words = async (): Promise<string | undefined> =>
  (await database.query<{ words: string }>('SELECT words FROM letters')).rows[0]?.words;
const isQuarantined = async (): Promise<boolean> =>
  (await database.query('SELECT 1 FROM quarantine')).rows.length > 0;

it('a stream stays in quarantine during a rebuild until the last message that was applied before', async () => {
  await apply(written(1), written(2), written(3));
  await rebuild();
  expect(await isQuarantined()).toBe(true);
  await apply(written(1));
  await apply(written(2), written(3), written(4));
  expect(handled).toEqual([
    '1 again in quarantine',
    '2 again in quarantine',
    '3 again',
    'complete',
    '4 new',
  ]);
  expect([await words(), await isQuarantined()]).toEqual(['1234', false]);
});

it('a message that arrives during a rebuild waits for the earlier ones, and is then handled as a new one of a readable stream', async () => {
  await apply(written(1), written(2));
  await rebuild();
  await apply(written(3));
  await apply(written(1), written(2));
  expect(handled).toEqual(['1 again in quarantine', '2 again in quarantine', 'complete', '3 new']);
  expect([await words(), await isQuarantined()]).toEqual(['123', false]);
});

it('the quarantine of a rebuild also lasts until a message that waited for a gap before', async () => {
  await apply(written(1), written(3));
  await rebuild();
  await apply(written(1), written(2));
  expect(await isQuarantined()).toBe(true);
  await apply(written(3));
  expect(handled).toEqual(['1 again in quarantine', 'complete', '2 new in quarantine', '3 new']);
  expect([await words(), await isQuarantined()]).toEqual(['123', false]);
});

it('a second rebuild that begins before the first is complete ends where the first would have ended', async () => {
  await apply(written(1), written(2), written(3));
  await rebuild();
  await apply(written(1));
  await rebuild();
  await apply(written(1), written(2));
  expect(await isQuarantined()).toBe(true);
  await apply(written(3));
  expect([await words(), await isQuarantined()]).toEqual(['123', false]);
});

it('a rebuild ends at a number of the epoch in which it was applied', async () => {
  await apply(written(1), written(2), written(3, 2));
  await rebuild();
  await apply(written(1), written(2), written(3));
  expect(await isQuarantined()).toBe(true);
  await apply(written(3, 2));
  expect([handled.slice(-2), await isQuarantined()]).toEqual([['3 again', 'complete'], false]);
});

it('a rebuild is complete also where the last message that was applied has a type that is not declared', async () => {
  const undeclared = receivedLetter({ key: 'a', sequence: 2 }, { $case: 'undeclared', value: 'x' });
  await apply(written(1), undeclared);
  await rebuild();
  await apply(written(1), undeclared);
  expect([handled, await isQuarantined()]).toEqual([['1 again in quarantine', 'complete'], false]);
});

it('an operator who gives up one message of a rebuild ends neither its quarantine nor the rebuild', async () => {
  const unreadable = { ...written(2), value: Buffer.from('not a letter') };
  const release = () => database.transaction((tx) => releaseStream(tx, reader, 'a', true, NOW));
  await apply(written(1), unreadable);
  await release();
  await apply(written(3));
  await rebuild();
  await apply(written(1), unreadable);
  await release();
  expect(await isQuarantined()).toBe(true);
  await apply(written(3));
  expect([handled.at(-1), await isQuarantined()]).toEqual(['complete', false]);
});

it('an operator ends a rebuild whose last messages cannot be sent again', async () => {
  await apply(written(1), written(2));
  await rebuild();
  await apply(written(1));
  const release = (skip: boolean) =>
    database.transaction((tx) => releaseStream(tx, reader, 'a', skip, NOW));
  await release(false);
  expect(await isQuarantined()).toBe(true);
  await release(true);
  expect(await isQuarantined()).toBe(false);
});

/** The messages before the rebuild are sent again in order, and those after it arrive in order; both may interleave in any way. */
it('a rebuild at any moment ends with the same state, and each message is handled as a new one exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(5),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.integer({ min: 1, max: 3 })),
      async (before, later, draws, sizes) => {
        await begin();
        const numbers = (from: number, to: number) =>
          Array.from({ length: to - from + 1 }, (_, nth) => written(from + nth));
        const total = before + later;
        await apply(...numbers(1, before));
        await rebuild();
        const sent = [numbers(1, total), numbers(before + 1, total)];
        const arriving: Received[] = [];
        while (sent.some((one) => one.length > 0)) {
          const one = sent[draws.next().value ? 0 : 1]?.shift();
          if (one) arriving.push(one);
        }
        while (arriving.length > 0) await apply(...arriving.splice(0, sizes.next().value ?? 1));
        const all = Array.from({ length: total }, (_, nth) => String(nth + 1));
        expect([await words(), await isQuarantined()]).toEqual([all.join(''), false]);
        const letterOf = (one: string) => one.split(' ')[0];
        expect(handled.filter((one) => one !== 'complete').map(letterOf)).toEqual(all);
        expect(handled.filter((one) => one === 'complete')).toHaveLength(before > 0 ? 1 : 0);
        expect(
          handled.filter((one) => one.includes('new')).map((one) => one.split(' ')[0]),
        ).toEqual(all.slice(before));
      },
    ),
  );
});
