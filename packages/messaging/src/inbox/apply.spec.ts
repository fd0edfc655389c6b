import type { Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Received } from '../kafka/port.ts';
import {
  LETTERS_TABLE,
  type Letter,
  letters,
  reader,
  receivedLetter,
  storeLetter,
} from '../letters.fixture.ts';
import type { Subscription } from '../subscription.ts';
import { applySlice, type MessageOutcome, releaseStream } from './apply.ts';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const made = await testDatabase('messaging', {
    ownerSql: `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`,
  });
  ({ database, drop } = made);
});
afterAll(() => drop());
beforeEach(() => database.query('DELETE FROM letters'));
beforeEach(async () => {
  for (const table of ['inbox', 'quarantine', 'parked'])
    await database.query(`DELETE FROM ${table}`);
});

const NOW = instant(Date.UTC(2026, 0, 2));
const apply = (
  slice: readonly Received[],
  subscription: Subscription = reader(),
): Promise<MessageOutcome[]> =>
  database.transaction((tx) => applySlice(tx, subscription, slice, NOW));
const written = (key: string, sequence: number, value = String(sequence), epoch = 1): Received =>
  receivedLetter({ key, sequence, epoch }, { $case: 'written', value });

/** A message of epoch 2, which began after number 1. */
const restored = (key: string, sequence: number, value: string): Received =>
  receivedLetter(
    { key, sequence, epoch: 2, epochAfter: { epoch: 1, last: 1 } },
    { $case: 'written', value },
  );

async function lettersOf(key: string): Promise<string> {
  const { rows } = await database.query<{ words: string }>(
    'SELECT words FROM letters WHERE key = $1',
    [key],
  );
  return rows[0]?.words ?? '';
}

const countOf = async (table: 'parked' | 'quarantine'): Promise<number> =>
  (await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)).rows[0]
    ?.count ?? 0;

it('the inbox applies a stream in order and ignores repeats', async () => {
  expect(await apply([written('a', 1), written('a', 2), written('a', 2), written('a', 1)])).toEqual(
    ['applied', 'applied', 'repeat', 'repeat'],
  );
  expect(await lettersOf('a')).toBe('12');
});

it('a message that arrives before its predecessor waits and is applied when the predecessor arrives', async () => {
  expect(await apply([written('a', 1), written('a', 3), written('b', 1)])).toEqual([
    'applied',
    'parked',
    'applied',
  ]);
  expect(await countOf('quarantine')).toBe(1);
  await apply([written('a', 2)]);
  expect(await lettersOf('a')).toBe('123');
  expect(await countOf('quarantine')).toBe(0);
  expect(await countOf('parked')).toBe(0);
});

it('a declared message that cannot be read is parked, and other keys continue', async () => {
  const unreadable = { ...written('a', 1), value: Buffer.from('not a letter') };
  expect(await apply([unreadable, written('a', 2), written('b', 1)])).toEqual([
    'parked',
    'parked',
    'applied',
  ]);
  expect(await lettersOf('a')).toBe('');
  expect(await lettersOf('b')).toBe('1');
});

it('waiting messages are applied when the replayed message before them can be read', async () => {
  await apply([{ ...written('a', 1), value: Buffer.from('not a letter') }, written('a', 2)]);
  await apply([written('a', 1)]);
  expect(await lettersOf('a')).toBe('12');
  expect(await countOf('parked')).toBe(0);
});

it('a message is given up only when an operator skips it', async () => {
  await apply([{ ...written('a', 1), value: Buffer.from('not a letter') }, written('a', 2)]);
  const release = (skip: boolean) =>
    database.transaction((tx) => releaseStream(tx, reader(), 'a', skip, NOW));
  expect(await release(false)).toBe(0);
  expect(await release(true)).toBe(1);
  expect(await lettersOf('a')).toBe('2');
  expect(await countOf('quarantine')).toBe(0);
});

it('a record without usable headers is parked with its offset and reason, and stops no stream', async () => {
  const record = { ...written('a', 1), headers: { ce_specversion: '1.0' } };
  expect(await apply([record, written('a', 1)])).toEqual(['parked', 'applied']);
  const { rows } = await database.query<{ offset: number; reason: string }>(
    'SELECT offset_in_partition AS offset, reason FROM parked',
  );
  expect(rows).toEqual([{ offset: record.offset, reason: 'malformed: ce_id is not a UUID' }]);
});

it.each([
  ['a header that no code reads', { 'x-note': 'a\u0000b' }, 'a'],
  ['its type', { ce_type: 'opennrm.writer.v1.\u0000' }, 'a'],
  ['its key', { ce_partitionkey: 'a\u0000' }, 'a\u0000'],
])(
  'a record with a NUL in %s, which PostgreSQL cannot store, does not stop the inbox',
  async (_what, headers, key) => {
    const record = written('a', 1);
    await apply([
      { ...record, key, headers: { ...record.headers, ...headers, ce_specversion: '0' } },
      written('b', 1),
    ]);
    await apply([
      {
        ...record,
        key,
        headers: { ...record.headers, ...headers },
        offset: record.offset + 1_000_000,
      },
    ]);
    expect(await lettersOf('b')).toBe('1');
  },
);

it('a message of a type that the subscription does not declare is skipped, and its number still counts', async () => {
  const undeclared: Letter = { $case: 'undeclared', value: 'x' };
  expect(
    await apply([receivedLetter({ key: 'a', sequence: 1 }, undeclared), written('a', 2)]),
  ).toEqual(['skipped', 'applied']);
  expect(await lettersOf('a')).toBe('2');
});

it('a slice of several messages calls lockFirst before it handles any of them; a single message does not', async () => {
  const calls: string[] = [];
  const locking: Subscription = {
    ...reader(async (_tx, _key, letter) => void calls.push(letter)),
    lockFirst: async (_tx, values) => void calls.push(`lock ${values.length}`),
  };
  const undeclared = receivedLetter({ key: 'b', sequence: 1 }, { $case: 'undeclared', value: 'x' });
  await apply([written('a', 1), undeclared, written('a', 2)], locking);
  await apply([written('a', 3)], locking);
  expect(calls).toEqual(['lock 2', '1', '2', '3']);
});

it('a slice whose handler fails leaves no effect', async () => {
  const failing = reader(async (tx, key, letter) => {
    if (letter === '3') throw new Error('cannot');
    await storeLetter(tx, key, letter);
  });
  await expect(apply([written('a', 1), written('a', 2), written('a', 3)], failing)).rejects.toThrow(
    'cannot',
  );
  expect(await lettersOf('a')).toBe('');
  expect(await apply([written('a', 1)], failing)).toEqual(['applied']);
});

it('the inbox parks the message that fails, not the earlier message that filled the gap before it', async () => {
  let broken = true;
  const failing = reader(async (tx, key, letter) => {
    if (letter === '3' && broken) throw new Error('cannot');
    await storeLetter(tx, key, letter);
  });
  await apply([written('a', 2), written('a', 3), written('a', 4)], failing);
  expect(await apply([written('a', 1)], failing)).toEqual(['applied']);
  expect(await lettersOf('a')).toBe('12');
  const { rows } = await database.query('SELECT sequence, reason FROM parked ORDER BY sequence');
  expect(rows).toEqual([
    { sequence: 3, reason: 'handler-failed' },
    { sequence: 4, reason: 'gap-waiting' },
  ]);
  broken = false;
  await database.transaction((tx) => releaseStream(tx, failing, 'a', false, NOW));
  expect([await lettersOf('a'), await countOf('quarantine')]).toEqual(['1234', 0]);
});

it('numbers that a restored producer gives out a second time are applied', async () => {
  await apply([written('a', 1), written('a', 2), written('a', 3)]);
  await apply([restored('a', 2, 'x'), restored('a', 3, 'y'), written('a', 3)]);
  expect(await lettersOf('a')).toBe('123xy');
});

it('messages after a restore wait for missing numbers, and all are applied when the missing ones are sent again', async () => {
  await apply([written('a', 1), restored('a', 3, 'y')]);
  expect([await lettersOf('a'), await countOf('quarantine')]).toEqual(['1', 1]);
  await apply([restored('a', 2, 'x')]);
  expect([await lettersOf('a'), await countOf('quarantine')]).toEqual(['1xy', 0]);
});

it('each parked message is kept when a topic is created again and reuses its offsets', async () => {
  const at = (key: string, offset: number): Received => ({ ...written(key, 2), offset });
  await apply([at('a', 7)]);
  await apply([at('b', 7)]);
  const withoutHeaders = (value: string): Received => ({
    ...at('c', 7),
    headers: {},
    value: Buffer.from(value),
  });
  await apply([withoutHeaders('one')]);
  await apply([withoutHeaders('other'), withoutHeaders('other')]);
  const { rows } = await database.query('SELECT key FROM parked ORDER BY key NULLS LAST');
  expect(rows).toEqual([{ key: 'a' }, { key: 'b' }, { key: null }, { key: null }]);
});

/**
 * Loss, repeat, delay and parking in any combination, in slices of any size, followed by one replay of everything, gives the state of the
 * clean order.
 */
it('the inbox reaches the same state in whatever order, slices and repetitions messages arrive', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.record({ nth: fc.nat(30), spoilt: fc.boolean() }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (length, deliveries, sliceSize) => {
        const keys = [`p${run}`, `q${run++}`];
        const clean = keys.flatMap((key) =>
          Array.from({ length }, (_, nth) => ({ key, sequence: nth + 1 })),
        );
        const messages = deliveries.map(({ nth, spoilt }) => {
          const place = clean[nth % clean.length] ?? { key: 'never', sequence: 1 };
          const message = written(place.key, place.sequence);
          return spoilt ? { ...message, value: Buffer.from('spoilt') } : message;
        });
        const replayed = clean.map(({ key, sequence }) => written(key, sequence));
        const arrivals = [...messages, ...replayed];
        for (let from = 0; from < arrivals.length; from += sliceSize)
          await apply(arrivals.slice(from, from + sliceSize));
        const expected = Array.from({ length }, (_, nth) => String(nth + 1)).join('');
        for (const key of keys) expect(await lettersOf(key)).toBe(expected);
        expect(await countOf('quarantine')).toBe(0);
        expect(await countOf('parked')).toBe(0);
      },
    ),
  );
}, 60_000);

it('a message names the owner of its topic as the CloudEvents source', () => {
  expect(written('a', 1).headers).toMatchObject({
    ce_source: 'opennrm/writer',
    ce_type: 'opennrm.writer.v1.Written',
  });
  expect(letters.name).toBe('opennrm.writer.reader.v1');
});

it.each([
  ['an epoch that the database cannot store', { ce_epoch: '2147483648' }],
  ['the largest epoch that has fifteen digits', { ce_epoch: '999999999999999' }],
  [
    'a place before its epoch that the database cannot store',
    { ce_epoch: '999999999999999', ce_epochafter: '999999999:0' },
  ],
  ['a time later than any that can be stored', { ce_time: '+275760-09-13T00:00:00.001Z' }],
])('the inbox parks a message with %s and continues', async (_what, headers) => {
  const strange = written('a', 1);
  const slice = [{ ...strange, headers: { ...strange.headers, ...headers } }, written('b', 1)];
  expect(await apply(slice)).toEqual(['parked', 'applied']);
});

it('the inbox applies the largest numbers that can be stored', async () => {
  const place = { epoch: 2_147_483_646, last: 999_999_999_999_998 };
  await database.query("INSERT INTO inbox (topic, key, epoch, last) VALUES ($1, 'a', $2, $3)", [
    letters.name,
    place.epoch,
    place.last,
  ]);
  const last = { key: 'a', sequence: place.last + 1, epoch: place.epoch + 1, epochAfter: place };
  expect(await apply([receivedLetter(last, { $case: 'written', value: 'z' })])).toEqual([
    'applied',
  ]);
  expect(await lettersOf('a')).toBe('z');
});
