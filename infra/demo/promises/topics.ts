import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@opennrm/contracts/topics';
import { Kafka, logLevel } from 'kafkajs';

export interface TopicRecord {
  readonly topic: string;
  /** Key, headers and value, the value also as hex. */
  readonly text: string;
}

const WITHIN_MS = 20_000;
/** A consumer stops only after its last fetch; at the end of a topic a fetch waits this long for more. */
const LONGEST_FETCH_MS = 100;

/** Reads every record of every topic of the platform, from the beginning to the current end. */
export async function everyRecord(brokers: readonly string[]): Promise<TopicRecord[]> {
  const client = new Kafka({
    clientId: 'check',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
  });
  const names = Object.values(topics).map((one) => one.name);
  const remaining = await endsOf(client, names);
  const consumer = client.consumer({
    groupId: `check-${randomUUID()}`,
    maxWaitTimeInMs: LONGEST_FETCH_MS,
  });
  const records: TopicRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: names, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(
        ([name, value]) => `${name}=${String(value)}`,
      );
      const value = message.value ?? Buffer.alloc(0);
      records.push({
        topic,
        text: [
          String(message.key),
          ...headers,
          value.toString('latin1'),
          value.toString('hex'),
        ].join('\n'),
      });
      if (Number(message.offset) + 1 >= (remaining.get(`${topic} ${partition}`) ?? 0))
        remaining.delete(`${topic} ${partition}`);
    },
  });
  for (const end = Date.now() + WITHIN_MS; remaining.size > 0 && Date.now() < end; )
    await pause(50);
  await consumer.disconnect();
  if (remaining.size > 0)
    throw new Error(`${remaining.size} partitions could not be read to their end`);
  return records;
}

async function endsOf(client: Kafka, names: readonly string[]): Promise<Map<string, number>> {
  const admin = client.admin();
  await admin.connect();
  const ends = new Map<string, number>();
  for (const topic of names) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > 0) ends.set(`${topic} ${partition}`, Number(high));
  }
  await admin.disconnect();
  return ends;
}
