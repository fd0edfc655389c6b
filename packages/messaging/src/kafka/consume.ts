import type { Kafka as Client, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import { Membership } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';
import type { Consuming, Received } from './port.ts';
import { runningFetches } from './running-fetches.ts';

/**
 * For this long a killed member keeps its partitions. Not shorter than the time between heartbeats, which are sent between slices and
 * tries.
 */
const SESSION_TIMEOUT_MS = 12_000;
const REBALANCE_TIMEOUT_MS = 60_000;
const WATCH_EVERY_MS = 5_000;
const SILENT_FOR_MS = 90_000;
/** Slices of this many partitions are handed out at the same time, and those of one topic are applied together. */
const PARTITIONS_AT_ONCE = 6;

/**
 * A member may still be joining for one request timeout plus this time. Until then it may differ from the member that its group knows.
 */
const BESIDE_REQUEST_MS = 10_000;

export interface ConsumeWith {
  readonly client: Client;
  /** How long a broker may take to answer one request. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a broker waits for messages before it answers a fetch without any. Milliseconds. */
  readonly fetchWaitMs: number;
}

/**
 * Runs a consumer of a group until it is stopped. Offsets are committed only after `handle` has returned, a few times a second. A
 * consumer that shows no activity, or that its group does not know in this membership, is fatal: a new process joins again.
 */
export async function consumeWith(
  { client, requestTimeoutMs, fetchWaitMs }: ConsumeWith,
  consuming: Consuming,
): Promise<{ stop(): Promise<void> }> {
  const fetches = runningFetches();
  const consumer = client.consumer({
    groupId: consuming.group,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: 3_000,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: fetchWaitMs,
    partitionAssigners: [fetches.assigner],
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 5_000 },
  });
  let lastActiveAt = performance.now();
  const markActive = (): void => {
    lastActiveAt = performance.now();
  };
  const onActive = (): void => {
    markActive();
    consuming.onActive?.();
  };
  const membership = new Membership();
  const committer = new OffsetCommitter(membership);
  consumer.on(consumer.events.HEARTBEAT, onActive);
  consumer.on(consumer.events.FETCH, () => {
    onActive();
    membership.fetched();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    markActive(); // kafkajs restarts by itself for as long as the brokers are away
    membership.joined();
    if (!payload.restart) consuming.fatal('the kafka consumer stopped for good');
  });
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName === 'JoinGroup') membership.joining();
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    committer.reset();
    membership.joined();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...consuming.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => eachBatch(payload, consuming, markActive, committer),
    });
  } catch (error) {
    await committer.stop();
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
  const watchdog = setInterval(() => {
    if (performance.now() - lastActiveAt > SILENT_FOR_MS)
      consuming.fatal('the Kafka consumer has not polled for too long');
    if (membership.wrongFor() > requestTimeoutMs + BESIDE_REQUEST_MS)
      consuming.fatal('the kafka consumer is not the one that its group knows');
  }, WATCH_EVERY_MS);
  return {
    async stop() {
      clearInterval(watchdog);
      await committer.stop();
      const stopped = consumer.stop();
      fetches.end();
      await stopped;
      // Not waited for: kafkajs closes a connection only after the answer to its fetch, which nobody needs any more.
      consumer.disconnect().catch(() => undefined);
    },
  };
}

type Batch = Pick<
  EachBatchPayload,
  'isRunning' | 'isStale' | 'resolveOffset' | 'heartbeat' | 'commitOffsetsIfNecessary'
> & {
  readonly batch: Pick<EachBatchPayload['batch'], 'topic' | 'partition' | 'messages'>;
};

/** Hands one batch over in slices. Each slice moves the read position and the offset to commit together, or neither. */
export async function eachBatch(
  { batch, isRunning, isStale, resolveOffset, heartbeat, commitOffsetsIfNecessary }: Batch,
  consuming: Pick<Consuming, 'sliceSize' | 'handle'>,
  markActive: () => void,
  committer: OffsetCommitter,
): Promise<void> {
  const handled = committer.trackPartition(batch.topic, batch.partition, commitOffsetsIfNecessary);
  const sendHeartbeat = async (): Promise<void> => {
    markActive();
    await heartbeat();
  };
  for (let from = 0; from < batch.messages.length; from += consuming.sliceSize) {
    if (!isRunning() || isStale()) return;
    const slice = batch.messages.slice(from, from + consuming.sliceSize);
    await consuming.handle(
      slice.map((message) => received(batch.topic, batch.partition, message)),
      sendHeartbeat,
    );
    const last = slice.at(-1);
    if (last) {
      // kafkajs joins again in the middle of a batch when a leader has moved. If the old membership moved the read position of the new one, the
      // slice would stay uncommitted until the next message. So the slice is read again instead.
      if (!handled(last.offset)) return;
      resolveOffset(last.offset);
    }
    await sendHeartbeat();
  }
}

const received = (topic: string, partition: number, message: KafkaMessage): Received => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString('utf8'),
  headers: textOf(message.headers),
  value: message.value ?? undefined,
});

function textOf(headers: IHeaders | undefined): Record<string, string> {
  const one = (value: IHeaders[string]): string | undefined =>
    (Array.isArray(value) ? value[0] : value)?.toString('utf8');
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      one(value) === undefined ? [] : [[name, one(value) ?? '']],
    ),
  );
}
