import { Kafka, logLevel } from 'kafkajs';
import type { OpenPlatform } from './open-platform.ts';

type Admin = ReturnType<Kafka['admin']>;

/** Runs `work` with an admin client of Kafka, and disconnects it afterwards. */
export async function withAdmin<T>(
  { kafkaBrokers }: OpenPlatform,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new Kafka({
    clientId: 'ops',
    brokers: [...kafkaBrokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The committed offset of a group in a partition, and the end of the partition. */
export interface Position {
  readonly partition: number;
  readonly at: number;
  readonly end: number;
}

/** The positions of a group in a topic. Without a committed offset it is the first offset that the topic still has. */
export async function positionsOf(admin: Admin, topic: string, group: string): Promise<Position[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [read] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const at = new Map(read?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends
    .map(({ partition, high, low }) => ({
      partition,
      end: Number(high),
      at: Math.max(Number(low), at.get(partition) ?? -1),
    }))
    .sort((one, other) => one.partition - other.partition);
}
