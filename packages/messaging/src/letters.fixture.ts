import { randomUUID } from 'node:crypto';
import type { Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { headersOf } from './headers.ts';
import type { KafkaRecord, Received } from './kafka/port.ts';
import { recordOf } from './outbox.ts';
import { type Subscription, subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** A made-up language for the specs of this package: letters are written, in order. */
export type Letter =
  | { readonly $case: 'written'; readonly value: string }
  | { readonly $case: 'unheard'; readonly value: string };

export const letters: Topic<Letter> = {
  name: 'opennrm.writer.reader.v1',
  owner: 'writer',
  package: 'opennrm.writer.v1',
  audience: 'reader',
  partitions: 3,
  encode: (letter) => Buffer.from(JSON.stringify(letter)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as Letter,
};

/** A reader that puts the letters of each key behind one another, in its own table. */
export const reader = (
  read: (tx: Transaction, key: string, letter: string) => Promise<void> = storeLetter,
): Subscription => subscription(letters, { written: (tx, value, { key }) => read(tx, key, value) });

export const LETTERS_TABLE = 'CREATE TABLE letters (key text PRIMARY KEY, words text NOT NULL)';

export const storeLetter = async (tx: Transaction, key: string, letter: string): Promise<void> => {
  await tx.query(
    `INSERT INTO letters (key, words) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET words = letters.words || excluded.words`,
    [key, letter],
  );
};

const START = instant(Date.UTC(2026, 0, 1));
let offset = 0;

interface Place {
  readonly key: string;
  readonly sequence: number;
  readonly epoch?: number;
  readonly epochAfter?: { readonly epoch: number; readonly last: number };
  readonly at?: Instant;
}

/** A letter as it comes from Kafka. */
export function receivedLetter(
  { key, sequence, epoch = 1, epochAfter, at = START }: Place,
  letter: Letter,
): Received {
  const type = `opennrm.writer.v1.${letter.$case === 'written' ? 'Written' : 'Unheard'}`;
  const headers = headersOf(letters.name, {
    id: randomUUID(),
    type,
    at,
    key,
    sequence,
    epoch,
    ...(epochAfter && { epochAfter }),
  });
  return {
    topic: letters.name,
    partition: 0,
    offset: offset++,
    key,
    headers,
    value: letters.encode(letter),
  };
}

/** A letter as it goes to Kafka. */
export const letterRecord = (key: string, sequence: number, text: string): KafkaRecord =>
  recordOf({
    position: sequence,
    aggregate_id: key,
    id: randomUUID(),
    type: 'opennrm.writer.v1.Written',
    at: START,
    topic: letters.name,
    key,
    sequence,
    epoch: 1,
    after_epoch: 0,
    after_last: 0,
    value: Buffer.from(letters.encode({ $case: 'written', value: text })),
  });
