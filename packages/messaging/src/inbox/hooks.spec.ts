import { createLog, type Database, type Transaction } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { manualClock, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startConsumer } from '../consumer.ts';
import type { Consuming, Kafka, Received } from '../kafka/port.ts';
import { LETTERS_TABLE, letters, receivedLetter, storeLetter } from '../letters.fixture.ts';
import { type Subscription, subscription } from '../subscription.ts';
import { applySlice, releaseStream } from './apply.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging', {
    ownerSql: `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`,
  }));
});
afterAll(() => drop());
beforeEach(async () => {
  for (const table of ['letters', 'inbox', 'quarantine', 'parked'])
    await database.query(`DELETE FROM ${table}`);
});
const NOW = instant(Date.UTC(2026, 0, 2));
const written = (key: string, sequence: number): Received =>
  receivedLetter({ key, sequence }, { $case: 'written', value: String(sequence) });
const readerWith = (onQuarantine: NonNullable<Subscription['onQuarantine']>): Subscription =>
  subscription(
    letters,
    { written: (tx, letter, { key }) => storeLetter(tx, key, letter) },
    { onQuarantine },
  );
const apply = (reader: Subscription, ...slice: Received[]) =>
  database.transaction((tx) => applySlice(tx, reader, slice, NOW));
const words = async (key: string): Promise<string | undefined> =>
  (await database.query<{ words: string }>('SELECT words FROM letters WHERE key = $1', [key]))
    .rows[0]?.words;
const parked = async (): Promise<number[]> =>
  (await database.query<{ sequence: number }>('SELECT sequence FROM parked ORDER BY 1')).rows.map(
    ({ sequence }) => Number(sequence),
  );

describe('a hook that fails when the last waiting message was handled', () => {
  it.each([
    ['permanently', 'SELECT 1 / 0'],
    [
      'because a statement is too slow',
      "DO $$ BEGIN RAISE EXCEPTION 'slow' USING ERRCODE = '57014'; END $$",
    ],
  ])('%s loses no message', async (_why, sql) => {
    let broken = false;
    const reader = readerWith(async (tx: Transaction) => {
      if (broken) await tx.query(sql);
    });
    await apply(reader, written('a', 1));
    await apply(reader, written('a', 3)); // a gap: 3 waits
    broken = true;
    await apply(reader, written('a', 2)); // 2 is handled, 3 is drained, the hook fails
    expect([await words('a'), await parked()]).toEqual(['12', [3]]);
    broken = false;
    await apply(reader, written('a', 4));
    expect([await words('a'), await parked()]).toEqual(['12', [3, 4]]);
    await database.transaction((tx) => releaseStream(tx, reader, 'a', false, NOW));
    expect([await words('a'), await parked()]).toEqual(['1234', []]);
  });
});

describe('a hook that fails each time for one stream', () => {
  async function handedTo(subscribed: Subscription, slice: readonly Received[]): Promise<void> {
    let consuming: Consuming | undefined;
    const kafka: Kafka = {
      send: async () => undefined,
      sendSeparately: async () => undefined,
      close: async () => undefined,
      lag: async () => [],
      consume: async (asked) => {
        consuming = asked;
        return { stop: async () => undefined };
      },
    };
    await startConsumer({
      kafka,
      database,
      group: 'spec',
      subscriptions: [subscribed],
      clock: manualClock(NOW),
      log: createLog('spec', 'silent'),
      fatal: (reason) => {
        throw new Error(reason);
      },
    });
    await consuming?.handle(slice, async () => undefined);
  }

  it('stops nobody else of the partition', async () => {
    const reader = readerWith(async (tx, key) => {
      if (key === 'a') await tx.query('SELECT 1 / 0');
    });
    const given = await handedTo(reader, [written('a', 2), written('b', 1)]).then(
      () => 'handled',
      () => 'not handled',
    );
    expect([given, await words('b')]).toEqual(['handled', '1']);
  });
});
