import { randomUUID } from 'node:crypto';
import { createLog, type Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type OutgoingMessage, record, systemAuthor } from './journal.ts';
import { type Kafka, type KafkaRecord, RecordRefused } from './kafka/port.ts';
import { type Relay, startRelay } from './relay.ts';

const log = createLog('spec', 'silent');
let database: Database;
let drop: () => Promise<void>;
let relay: Relay | undefined;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging'));
});
afterAll(() => drop());
beforeEach(() => database.query('DELETE FROM outbox'));
afterEach(() => relay?.stop());

/** Writes messages of one aggregate, in order. Their content is their number. */
const write = (topic: string, count: number, key = randomUUID()): Promise<void> =>
  database.transaction((tx) => {
    const messages = Array.from(
      { length: count },
      (_, nth): OutgoingMessage => ({ topic, key, type: 'Wrote', value: Buffer.from([nth % 256]) }),
    );
    return record(tx, {
      aggregate: 'a',
      id: key,
      version: 1,
      at: instant(1),
      author: systemAuthor,
      events: [],
      messages,
    });
  });

/** A substitute for the broker. As with the real client, a rejected send has written the records that can be written. */
function broker(faultOf: (one: KafkaRecord) => Error | undefined) {
  const written: KafkaRecord[] = [];
  const send = async (records: readonly KafkaRecord[]): Promise<void> => {
    const faults = records.flatMap((one) => faultOf(one) ?? []);
    written.push(...records.filter((one) => faultOf(one) === undefined));
    if (faults[0]) throw faults[0];
  };
  const kafka: Kafka = {
    send,
    sendSeparately: send,
    consume: () => Promise.reject(new Error('nothing is consumed here')),
    lag: async () => [],
    close: async () => undefined,
  };
  return { kafka, of: (topic: string) => written.filter((one) => one.topic === topic) };
}

const topicFault = (type: string): Error =>
  Object.assign(new Error('reported by the client'), { type });
const left = async (topic: string): Promise<number> =>
  (await database.query('SELECT 1 FROM outbox WHERE to_topic = $1', [topic])).rowCount ?? -1;
const parked = async (): Promise<number> =>
  (await database.query('SELECT 1 FROM outbox WHERE parked IS NOT NULL')).rowCount ?? -1;
const eventually = (look: () => Promise<void>): Promise<void> =>
  vi.waitFor(look, { timeout: 60_000 });

it.each([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'INVALID_TOPIC_EXCEPTION',
])(
  'the relay sends messages of other topics behind more than a batch for a topic that cannot be written (%s), and parks nothing',
  async (type) => {
    let isAway = true;
    const { kafka, of } = broker(({ topic }) =>
      isAway && topic === 'gone' ? topicFault(type) : undefined,
    );
    const unwritable: number[] = [];
    await write('gone', 700);
    await write('well', 5);
    relay = startRelay({
      database,
      kafka,
      log,
      pollMs: 20,
      onUnwritable: (topics) => unwritable.push(topics),
    });
    await eventually(async () => expect(await left('well')).toBe(0));
    await vi.waitFor(() => expect(unwritable.at(-1)).toBe(1), { timeout: 60_000 });
    await write('well', 5);
    relay.wake();
    await eventually(async () => expect(await left('well')).toBe(0));
    expect([await left('gone'), await parked(), of('well').length]).toEqual([700, 0, 10]);

    isAway = false;
    await eventually(async () => expect(await left('gone')).toBe(0));
    expect(unwritable.at(-1)).toBe(0);
    expect(of('gone').map(({ headers }) => Number(headers.ce_sequence))).toEqual(
      Array.from({ length: 700 }, (_, nth) => nth + 1),
    );
  },
);

it('the relay keeps the order of each stream while topics fail and recover at random', async () => {
  let failing = 0;
  const { kafka, of } = broker(({ topic }) =>
    topic === `t${failing % 4}` ? topicFault('NOT_ENOUGH_REPLICAS') : undefined,
  );
  relay = startRelay({ database, kafka, log, pollMs: 5 });
  const [one, other] = [randomUUID(), randomUUID()];
  for (let round = 0; round < 20; round++) {
    failing++;
    for (const topic of ['t0', 't1', 't2'])
      for (const key of [one, other]) await write(topic, 2, key);
    relay.wake();
  }
  failing = 3;
  await eventually(async () =>
    expect((await database.query('SELECT 1 FROM outbox')).rowCount).toBe(0),
  );
  for (const topic of ['t0', 't1', 't2'])
    for (const key of [one, other]) {
      const numbers = of(topic).flatMap((sent) =>
        sent.key === key ? Number(sent.headers.ce_sequence) : [],
      );
      // a repeat is recognised by its number; new messages arrive in order and without a gap
      let last = 0;
      for (const number of numbers) if (number > last) expect(number).toBe(++last);
      expect(last).toBe(40);
    }
});

it('the relay parks the aggregate of a refused record and sends all other records of the same topic', async () => {
  const [sound, poison] = [randomUUID(), randomUUID()];
  const { kafka, of } = broker((one) =>
    one.key === poison && one.headers.ce_sequence === '2'
      ? new RecordRefused('MESSAGE_TOO_LARGE')
      : undefined,
  );
  await write('one', 3, poison);
  await write('one', 3, sound);
  relay = startRelay({ database, kafka, log, pollMs: 20 });
  await eventually(async () => expect([await parked(), await left('one')]).toEqual([2, 2]));
  const numbersOf = (key: string) =>
    new Set(of('one').flatMap((sent) => (sent.key === key ? sent.headers.ce_sequence : [])));
  expect(numbersOf(sound)).toEqual(new Set(['1', '2', '3']));
  expect(numbersOf(poison).has('1')).toBe(true);
});

it('the relay reports no unwritable topic after a new relay has sent everything', async () => {
  let isAway = true;
  const { kafka } = broker(({ topic }) =>
    isAway && topic === 'gone' ? topicFault('LEADER_NOT_AVAILABLE') : undefined,
  );
  const unwritable: number[] = [];
  await write('gone', 3);
  relay = startRelay({
    database,
    kafka,
    log,
    pollMs: 20,
    onUnwritable: (topics) => unwritable.push(topics),
  });
  await vi.waitFor(() => expect(unwritable.at(-1)).toBe(1), { timeout: 60_000 });
  isAway = false;
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  await eventually(async () => expect(await left('gone')).toBe(0));
  expect(unwritable.at(-1)).toBe(0);
});

it('a process reports no unwritable topic while another replica holds the relay', async () => {
  const { kafka } = broker(({ topic }) =>
    topic === 'gone' ? topicFault('LEADER_NOT_AVAILABLE') : undefined,
  );
  const unwritable: number[] = [];
  await write('gone', 3);
  relay = startRelay({
    database,
    kafka,
    log,
    pollMs: 20,
    onUnwritable: (topics) => unwritable.push(topics),
  });
  await vi.waitFor(() => expect(unwritable.at(-1)).toBe(1), { timeout: 60_000 });
  const lock = await database.connect();
  try {
    const waiting = lock.query('SELECT pg_advisory_lock(7311)');
    await eventually(async () => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> $1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [0],
      );
      await waiting;
    });
    await eventually(async () => expect(unwritable.at(-1)).toBe(0));
  } finally {
    await lock.end();
  }
});
