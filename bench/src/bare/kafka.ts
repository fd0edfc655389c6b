import { Kafka, type KafkaMessage, logLevel, Partitioners, type TopicMessages } from 'kafkajs';
import { setting } from '../load/start.ts';

const SESSION_MS = 12_000;

/** What was read, as it lies on a partition. */
export type Slice = readonly KafkaMessage[];

const client = (): Kafka =>
  new Kafka({
    clientId: setting('NAME'),
    brokers: setting('KAFKA_BROKERS').split(','),
    logLevel: logLevel.ERROR,
  });

/** Sends with acks=all, one batch at a time. */
export async function openProducer(): Promise<(batch: TopicMessages[]) => Promise<void>> {
  const producer = client().producer({
    ...{ maxInFlightRequests: 1, idempotent: false, createPartitioner: Partitioners.DefaultPartitioner },
  });
  await producer.connect();
  return async (topicMessages) => void (await producer.sendBatch({ topicMessages, acks: -1 }));
}

/** Reads slices in order and commits the offset after each batch. */
export async function consume(
  topics: readonly string[],
  sliceSize: number,
  handle: (topic: string, slice: Slice) => Promise<void>,
): Promise<void> {
  const consumer = client().consumer({
    ...{ groupId: setting('NAME'), sessionTimeout: SESSION_MS, maxWaitTimeInMs: 250, allowAutoTopicCreation: false },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    ...{ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 3 },
    async eachBatch({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets }) {
      for (let from = 0; from < batch.messages.length; from += sliceSize) {
        const slice = batch.messages.slice(from, from + sliceSize);
        await handle(batch.topic, slice);
        const last = slice.at(-1);
        if (last) resolveOffset(last.offset);
        await heartbeat();
      }
      await commitOffsetsIfNecessary(uncommittedOffsets());
    },
  });
}

/** One message after another of each partition, the offsets committed by the client itself. */
export async function consumeEach(topic: string, work: (type: string, key: string) => Promise<void>): Promise<void> {
  const consumer = client().consumer({
    ...{ groupId: setting('NAME'), sessionTimeout: SESSION_MS, maxWaitTimeInMs: 250, allowAutoTopicCreation: false },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachMessage: ({ message: { key, headers } }) => work(String(headers?.ce_type), String(key)),
  });
}
