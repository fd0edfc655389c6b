import type { Database, Transaction } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Received } from '../kafka/port.ts';
import { LETTERS_TABLE, letters, receivedLetter, storeLetter } from '../letters.fixture.ts';
import { subscription } from '../subscription.ts';
import { applySlice, releaseStream } from './apply.ts';
import { beginRebuild } from './parking.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging', {
    ownerSql: `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`,
  }));
});
afterAll(() => drop());
let handled: string[] = [];
beforeEach(async () => {
  handled = [];
  for (const table of ['letters', 'inbox', 'quarantine', 'parked'])
    await database.query(`DELETE FROM ${table}`);
});
const reader = subscription(letters, {
  async written(tx, letter, { key, rebuild }) {
    handled.push(`${letter} ${rebuild ? 'again' : 'new'}`);
    await storeLetter(tx, key, letter);
  },
});
const NOW = instant(Date.UTC(2026, 0, 2));
const applyIn = (tx: Transaction, ...slice: Received[]) => applySlice(tx, reader, slice, NOW);
const apply = (...slice: Received[]) => database.transaction((tx) => applyIn(tx, ...slice));
const written = (sequence: number): Received =>
  receivedLetter({ key: 'a', sequence }, { $case: 'written', value: String(sequence) });
const untilWaiting = (statement: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const { rows } = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1 AND datname = current_database()`,
        [`%${statement}%`],
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: 20_000, interval: 20 },
  );

/** A consumer has handled these messages, and commits while the rebuild of an operator waits for its rows. */
async function rebuildWhileConsumerCommits(...slice: Received[]): Promise<void> {
  let begun: Promise<void> | undefined;
  await database.transaction(async (tx) => {
    await applyIn(tx, ...slice);
    begun = database.transaction((ops) => beginRebuild(ops, letters.name));
    await untilWaiting('LOCK TABLE inbox');
  });
  await begun;
  handled = [];
}

it('a message that is committed while a rebuild begins is not handled as a new one a second time', async () => {
  await apply(written(1), written(2));
  await rebuildWhileConsumerCommits(written(3));
  await apply(written(1), written(2), written(3));
  expect(handled).toEqual(['1 again', '2 again', '3 again']);
});

it('a message that never was handled before the rebuild is handled as a new one', async () => {
  await apply(written(1), written(3));
  await database.transaction((tx) => beginRebuild(tx, letters.name));
  handled = [];
  await apply(written(1), written(2), written(3));
  expect(handled.filter((one) => one.endsWith('new'))).toEqual(['2 new', '3 new']);
});

it('the messages that are still on their way after `release --skip` are not handled as new ones', async () => {
  await apply(written(1), written(2), written(3));
  await database.transaction((tx) => beginRebuild(tx, letters.name));
  handled = [];
  await apply(written(1));
  await database.transaction((tx) => releaseStream(tx, reader, 'a', true, NOW));
  await apply(written(2), written(3));
  expect(handled.filter((one) => one.endsWith('new'))).toEqual([]);
});

it('a stream that begins while a rebuild begins keeps its projection', async () => {
  await apply(written(1));
  let begun: Promise<unknown> | undefined;
  // As `ops rebuild` does it: the streams, and then the statement that empties each projection, in one transaction.
  await database.transaction(async (ops) => {
    await beginRebuild(ops, letters.name);
    begun = apply(receivedLetter({ key: 'b', sequence: 1 }, { $case: 'written', value: 'b' }));
    await untilWaiting('INSERT INTO inbox');
    await ops.query('DELETE FROM letters');
  });
  await begun;
  await apply(written(1));
  const { rows } = await database.query('SELECT key, words FROM letters ORDER BY key');
  expect(rows).toEqual([
    { key: 'a', words: '1' },
    { key: 'b', words: 'b' },
  ]);
});
