import { randomUUID } from 'node:crypto';
import { findKafka, type RunningKafka, untilLeadersKnown } from '@opennrm/infra/local';
import { createLog } from '@opennrm/runtime';
import { Kafka as Client, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { letterRecord } from '../letters.fixture.ts';
import { kafkaOnKafkajs } from './kafkajs.ts';
import type { KafkaRecord } from './port.ts';

/*
 * A batch goes to two brokers. One answers; the other is killed, and its partition moves to the one that answered. kafkajs 2.2.4 then
 * retries only with brokers that have not answered, finds none, and reports that everything was sent.
 */

let cluster: RunningKafka;
const topics = { kept: randomUUID(), ours: randomUUID() };
beforeAll(async () => {
  cluster = await findKafka({ nodes: 3, only: 'embedded' });
  const admin = client().admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: false,
    topics: Object.values(topics).map((topic) => ({
      topic,
      replicaAssignment: [
        { partition: 0, replicas: [1, 3] },
        { partition: 1, replicas: [2, 1] },
      ],
      configEntries: [{ name: 'min.insync.replicas', value: '1' }],
    })),
  });
  await untilLeadersKnown(admin, Object.values(topics));
  await admin.disconnect();
}, 60_000);
afterAll(() => cluster.stop());

const client = (): Client =>
  new Client({ clientId: 'spec', brokers: [...cluster.brokers], logLevel: logLevel.NOTHING });

/** One key for each of the two partitions. */
function keysOfBoth(): [string, string] {
  const partition = Partitioners.DefaultPartitioner();
  const partitionMetadata = [0, 1].map((partitionId) => ({
    partitionId,
    leader: 1,
    replicas: [],
    isr: [],
    partitionErrorCode: 0,
  }));
  const keys = Array.from({ length: 50 }, () => randomUUID());
  const keyOf = (wanted: number): string =>
    keys.find(
      (key) =>
        partition({ topic: '', partitionMetadata, message: { key, value: null } }) === wanted,
    ) ?? '';
  return [keyOf(0), keyOf(1)];
}

const records = (topic: string, text: string, keys: readonly string[]): KafkaRecord[] =>
  keys.map((key, nth) => ({ ...letterRecord(key, nth + 1, text), topic }));

/** The number of messages in each partition of a topic. */
async function written(topic: string): Promise<number[]> {
  const admin = client().admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return ends
    .toSorted((one, other) => one.partition - other.partition)
    .map(({ high }) => Number(high));
}

/** Sends to both partitions, and a second time while the leader of the second is killed before it has answered. */
async function sendWhileTheLeaderIsKilled(send: (text: string) => Promise<void>): Promise<void> {
  await send('both brokers run');
  const [, second] = cluster.nodes;
  second?.pause();
  const sending = send('one broker is being killed');
  await second?.kill();
  try {
    await sending;
  } finally {
    await second?.start();
  }
}

it('a message is lost by the retries of kafkajs, which is why they are switched off', async () => {
  const producer = client().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 20, initialRetryTime: 300, maxRetryTime: 1_000 },
  });
  await producer.connect();
  const keys = keysOfBoth();
  await sendWhileTheLeaderIsKilled(async (text) => {
    const messages = records(topics.kept, text, keys).map(({ key, headers, value }) => ({
      key,
      headers: { ...headers },
      value: Buffer.from(value),
    }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: topics.kept, messages }] });
  });
  await producer.disconnect();
  expect(await written(topics.kept)).toEqual([2, 1]);
});

it('no message is lost when a new producer sends the whole batch again', async () => {
  const kafka = kafkaOnKafkajs({
    brokers: cluster.brokers,
    clientId: 'ours',
    log: createLog('spec', 'silent'),
  });
  const keys = keysOfBoth();
  await sendWhileTheLeaderIsKilled(async (text) => {
    // as the relay does: sends the same rows until they are acknowledged
    await vi.waitFor(() => kafka.send(records(topics.ours, text, keys)), {
      timeout: 60_000,
      interval: 200,
    });
  });
  await kafka.close();
  const [first = 0, second = 0] = await written(topics.ours);
  expect(first).toBeGreaterThanOrEqual(2);
  expect(second).toBeGreaterThanOrEqual(2);
});
