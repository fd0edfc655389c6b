import { randomUUID } from 'node:crypto';
import { ConfigResourceTypes, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import type { World } from '../journeys/world.ts';

export const kafkaOf = (world: World): Kafka =>
  new Kafka({
    clientId: 'faults',
    brokers: [...world.platform.kafka.brokers],
    logLevel: logLevel.NOTHING,
  });

/** All messages that a topic has now, in the order of each partition. */
export async function messagesOf(world: World, topic: string): Promise<KafkaMessage[]> {
  const kafka = kafkaOf(world);
  const admin = kafka.admin();
  await admin.connect();
  const ends = (await admin.fetchTopicOffsets(topic)).filter(({ low, high }) => low !== high);
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}` });
  const [found, remaining] = [
    [] as KafkaMessage[],
    new Map(ends.map(({ partition, high }) => [partition, Number(high)])),
  ];
  if (remaining.size === 0) return found;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const end = remaining.get(partition);
      if (end !== undefined) found.push(message);
      if (end !== undefined && Number(message.offset) >= end - 1) remaining.delete(partition);
      if (remaining.size === 0) resolve();
    },
  });
  await promise;
  await consumer.disconnect();
  return found;
}

/** Deletes all records of a topic, as its retention would. */
export async function loseMessages(world: World, topic: string): Promise<void> {
  const admin = kafkaOf(world).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  const partitions = ends
    .filter((one) => one.high !== one.low)
    .map(({ partition, high }) => ({ partition, offset: high }));
  if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
  await admin.disconnect();
}

const RETENTION = { 'retention.ms': String(30 * 24 * 3_600_000) };

/** Sets settings of a topic in addition to its retention. Without any, those of the cluster apply again. */
export async function configure(
  world: World,
  topic: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configEntries = Object.entries({ ...RETENTION, ...settings }).map(([name, value]) => ({
    name,
    value,
  }));
  const admin = kafkaOf(world).admin();
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await admin.disconnect();
}
