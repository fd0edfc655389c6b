import { randomUUID } from 'node:crypto';
import type { Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHeaders } from './headers.ts';
import { outgoing, record, systemAuthor } from './journal.ts';
import { letters } from './letters.fixture.ts';
import { readBatch } from './outbox.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging'));
});
afterAll(() => drop());

const write = (key: string, count: number): Promise<void> =>
  database.transaction((tx) => {
    const messages = Array.from({ length: count }, () =>
      outgoing(letters, key, { $case: 'written', value: 'x' }),
    );
    const entry = {
      aggregate: 'writer',
      id: randomUUID(),
      version: 1,
      at: instant(1),
      author: systemAuthor,
      events: [],
    };
    return record(tx, { ...entry, messages });
  });

/** Epoch, number and the place before the epoch, as the headers state them. */
async function placesOf(key: string): Promise<string[]> {
  const { records } = await readBatch(database);
  return records.flatMap((one) => {
    const envelope = readHeaders(one.headers, one.key);
    if ('malformed' in envelope) throw new Error(envelope.malformed);
    const { epoch, sequence, epochAfter } = envelope;
    return one.key === key
      ? [`${epoch} ${sequence} after ${epochAfter.epoch} ${epochAfter.last}`]
      : [];
  });
}

it('a message carries the last cursor before its epoch', async () => {
  const [busy, late] = [randomUUID(), randomUUID()];
  await write(busy, 2);
  await database.query('UPDATE epoch SET number = number + 1');
  await write(busy, 2);
  await write(busy, 1);
  await database.query('UPDATE epoch SET number = number + 1'); // no message was sent in this epoch on the other stream
  await write(busy, 1);
  await write(late, 1);
  expect(await placesOf(busy)).toEqual([
    '1 1 after 0 0',
    '1 2 after 0 0',
    '2 3 after 1 2',
    '2 4 after 1 2',
    '2 5 after 1 2',
    '3 6 after 2 5',
  ]);
  expect(await placesOf(late)).toEqual(['3 1 after 0 0']);
});
