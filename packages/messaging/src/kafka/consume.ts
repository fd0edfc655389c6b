import type { Kafka as Client, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import { Membership } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';
import type { Consuming, Received } from './port.ts';

/** A member that was killed keeps its partitions for so long: no longer than the heartbeats between slices and tries allow. */
const SESSION_TIMEOUT_MS = 12_000;
const REBALANCE_TIMEOUT_MS = 60_000;
const WATCH_EVERY_MS = 5_000;
const SILENT_FOR_MS = 90_000;
const PARTITIONS_AT_ONCE = 3;

/** Beyond the time of one request a member may still be joining: until then it may seem not to be the one that its group knows. */
const BESIDE_REQUEST_MS = 10_000;

export interface ConsumeWith {
  readonly client: Client;
  /** How long a broker may take to answer one request. Milliseconds. */
  readonly requestTimeoutMs: number;
}

/**
 * Runs a consumer of a group until stopped. Offsets are committed only after `handle` has returned, a few times a second. One that gives no sign of
 * life, or that its group does not know as it is, is fatal: a new process joins anew.
 */
export async function consumeWith(
  { client, requestTimeoutMs }: ConsumeWith,
  consuming: Consuming,
): Promise<{ stop(): Promise<void> }> {
  const consumer = client.consumer({
    groupId: consuming.group,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: 3_000,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 250,
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
    markActive(); // it starts again by itself, for as long as the brokers are away
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
      await consumer.stop();
      await consumer.disconnect();
    },
  };
}

type Batch = Pick<
  EachBatchPayload,
  'isRunning' | 'isStale' | 'resolveOffset' | 'heartbeat' | 'commitOffsetsIfNecessary'
> & {
  readonly batch: Pick<EachBatchPayload['batch'], 'topic' | 'partition' | 'messages'>;
};

/** Hands one batch over in slices. Each slice moves the place to read from and what is committed together, or neither. */
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
      // kafkajs joins anew in the middle of a batch when a leader has moved. To move the place of the new membership on by what the old one
      // handled would leave that uncommitted until the next message comes: it is read again instead.
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
