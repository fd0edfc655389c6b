import { randomUUID } from 'node:crypto';
import { createLog, type Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { outgoing, record } from './journal.ts';
import type { Kafka, KafkaRecord } from './kafka/port.ts';
import { letters } from './letters.fixture.ts';
import { startRelay } from './relay.ts';
import { type ReplayRequest, replay } from './replay.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging'));
});
afterAll(() => drop());

/** A substitute for the broker only: it records what it received, in order. The real broker is tested in `kafka/kafka.spec.ts`. */
function broker(): {
  readonly kafka: Kafka;
  readonly sent: KafkaRecord[];
  readonly batches: number[];
} {
  const [sent, batches]: [KafkaRecord[], number[]] = [[], []];
  const kafka: Kafka = {
    send: () => Promise.reject(new Error('a replay sends over separate connections')),
    async sendSeparately(records) {
      batches.push(records.length);
      sent.push(...records);
    },
    consume: () => Promise.reject(new Error('nothing is consumed here')),
    lag: async () => [],
    close: async () => undefined,
  };
  return { kafka, sent, batches };
}

/** Each spec has its own topic, without messages of the others. */
const topicOf = (audience: string) => ({
  ...letters,
  audience,
  name: `opennrm.writer.${audience}-${randomUUID()}.v1`,
});

const write = (topic: typeof letters, key: string, ...texts: string[]): Promise<void> =>
  database.transaction((tx) =>
    record(tx, {
      aggregate: 'writer',
      id: randomUUID(),
      version: 1,
      at: instant(Date.UTC(2026, 0, 1)),
      author: { organisation: randomUUID(), role: 'system' },
      events: [{ type: 'Wrote' }],
      messages: texts.map((value) => outgoing(topic, key, { $case: 'written', value })),
    }),
  );

const textOf = ({ value }: KafkaRecord): string => letters.decode(value)?.value ?? '';
const replayed = async (request: ReplayRequest): Promise<string[]> => {
  const { kafka, sent } = broker();
  const many = await replay(database, kafka, request);
  expect(many).toBe(sent.length);
  return sent.map(textOf);
};

it('a replay sends the same bytes and headers as the first time, in the same order', async () => {
  const topic = topicOf('reader');
  for (const text of ['a', 'b', 'c']) await write(topic, 'one', text, `${text}2`);
  const [first, again] = [broker(), broker()];
  const relay = startRelay({ database, kafka: first.kafka, log: createLog('spec', 'silent') });
  await vi.waitFor(() => expect(first.sent.map(textOf)).toEqual(['a', 'a2', 'b', 'b2', 'c', 'c2']));
  await relay.stop();
  await replay(database, again.kafka, { topic: topic.name });
  expect(again.sent).toEqual(first.sent);
  expect(again.sent.map(({ headers }) => headers.ce_sequence)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
  ]);
});

it('a repeated replay sends the messages again and changes neither journal nor numbers nor outbox', async () => {
  const topic = topicOf('reader');
  await write(topic, 'one', 'a');
  const all =
    'SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM outbox), (SELECT sum(last) FROM stream_numbers)';
  const before = await database.query(all);
  for (let time = 0; time < 2; time++) expect(await replayed({ topic: topic.name })).toEqual(['a']);
  expect((await database.query(all)).rows).toEqual(before.rows);
});

it('a replay with a key sends only that stream', async () => {
  const topic = topicOf('reader');
  for (const text of ['1', '2']) for (const key of ['a', 'b']) await write(topic, key, key + text);
  expect(await replayed({ topic: topic.name, key: 'b' })).toEqual(['b1', 'b2']);
  expect(await replayed({ topic: topic.name, key: 'nobody' })).toEqual([]);
});

it('a replay never sends to one audience what was sent to another, of the same stream and aggregate', async () => {
  const [reader, other] = [topicOf('reader'), topicOf('other')];
  await write(reader, 'one', 'for the reader');
  await write(other, 'one', 'for the other');
  expect(await replayed({ topic: reader.name, key: 'one' })).toEqual(['for the reader']);
});

it('a replay reads a long journal in batches and loses or repeats nothing between two of them', async () => {
  const topic = topicOf('reader');
  const texts = Array.from({ length: 1_200 }, (_, nth) => String(nth));
  await write(topic, 'one', ...texts);
  const { kafka, sent, batches } = broker();
  const progress: number[] = [];
  await replay(database, kafka, { topic: topic.name, progress: (many) => progress.push(many) });
  expect(sent.map(textOf)).toEqual(texts);
  expect([batches, progress]).toEqual([
    [500, 500, 200],
    [500, 1_000, 1_200],
  ]);
});

it('a replay with since and until sends what was recorded from one moment to the other', async () => {
  const topic = topicOf('reader');
  const moment = async (): Promise<Date> => {
    const { rows } = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const now = new Date((rows[0]?.now.getTime() ?? 0) + 1); // a Date drops the microseconds
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(now.getTime()));
    return now;
  };
  await write(topic, 'one', 'early');
  const since = await moment();
  await write(topic, 'one', 'between');
  const until = await moment();
  await write(topic, 'one', 'late');
  expect(await replayed({ topic: topic.name, since, until })).toEqual(['between']);
  expect(await replayed({ topic: topic.name, since })).toEqual(['between', 'late']);
  expect(await replayed({ topic: topic.name, until })).toEqual(['early', 'between']);
});

it('a replay with since finds its start in a long journal and sends nothing older', async () => {
  const topic = topicOf('reader');
  await database.query(
    `INSERT INTO journal (id, aggregate, aggregate_id, version, type, at, recorded_at, author_organisation, author_role,
       topic, key, sequence, epoch, value)
     SELECT gen_random_uuid(), 'writer', $2, 1, 'LetterWritten', 0, '2026-01-01Z'::timestamptz + nth * interval '1 minute',
       $2, 'system', $1, 'one', nth, 1, ''
     FROM generate_series(1, 2000) AS nth`,
    [topic.name, randomUUID()],
  );
  const { kafka, sent } = broker();
  const [since, until] = [new Date('2026-01-02T00:00Z'), new Date('2026-01-02T00:05Z')];
  await replay(database, kafka, { topic: topic.name, since, until });
  expect(sent.map(({ headers }) => headers.ce_sequence)).toEqual([
    '1440',
    '1441',
    '1442',
    '1443',
    '1444',
  ]);
});

it('a replay fails when the broker does not accept a batch', async () => {
  const topic = topicOf('reader');
  await write(topic, 'one', 'a');
  const away: Kafka = {
    ...broker().kafka,
    sendSeparately: () => Promise.reject(new Error('no broker')),
  };
  await expect(replay(database, away, { topic: topic.name })).rejects.toThrow('no broker');
});
