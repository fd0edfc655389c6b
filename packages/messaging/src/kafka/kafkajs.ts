import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@opennrm/runtime';
import {
  Kafka as Client,
  type ISocketFactory,
  logLevel,
  Partitioners,
  type Producer,
  type TopicMessages,
} from 'kafkajs';
import { clientProblemOf } from './client-problem.ts';
import { consumeWith } from './consume.ts';
import { lagReader } from './consumer-lag.ts';
import { errorTypes } from './error-types.ts';
import { repairIdleTimer } from './idle-timer.ts';
import { type Kafka, type KafkaRecord, RecordRefused } from './port.ts';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Log;
  /** For tests that intercept the connection between client and broker. */
  readonly socketFactory?: ISocketFactory;
  /** How long a broker may take to answer one request. Milliseconds. */
  readonly requestTimeoutMs?: number;
  /** How long a broker waits for messages before it answers a fetch without any. Milliseconds. */
  readonly fetchWaitMs?: number;
  /** How long one send may take with its retries. Milliseconds. */
  readonly sendLimitMs?: number;
}

/** Above this number kafkajs blocks the process, because its grouping is quadratic. */
const RECORDS_PER_SEND = 500;
const REQUEST_TIMEOUT_MS = 15_000;
const SEND_LIMIT_MS = 20_000;
/** A message is fetched at once in any case. Shorter than the time between heartbeats, which are sent between fetches. */
const FETCH_WAIT_MS = 1_000;
/** Errors about a record itself. Errors about a topic (unknown, without a leader, too few replicas) are transient. */
const REFUSED = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE'];

/** The Kafka port on kafkajs 2.2.4. All workarounds for kafkajs are behind it. */
export function kafkaOnKafkajs(settings: KafkaSettings): Kafka {
  const requestTimeoutMs = settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  repairIdleTimer();
  const client = new Client({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    connectionTimeout: 10_000,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 },
    ...(settings.socketFactory ? { socketFactory: settings.socketFactory } : {}),
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) =>
      settings.log.warn(clientProblemOf(entry), 'the Kafka client reports a problem'),
  });
  const groups = lagReader(client);
  const fetchWaitMs = settings.fetchWaitMs ?? FETCH_WAIT_MS;
  const limitMs = settings.sendLimitMs ?? SEND_LIMIT_MS;
  let producer: Promise<Producer> | undefined;
  /** A producer that failed never sends again. The next producer opens new connections and looks up the leaders again. */
  const discard = async (): Promise<void> => {
    const broken = producer;
    producer = undefined;
    await broken?.then((one) => one.disconnect()).catch(() => undefined);
  };
  return {
    async send(records) {
      for (const part of partsOf(records)) {
        producer ??= newProducer(client);
        await sendOver(producer, part, limitMs).catch((error: unknown) => {
          void discard();
          throw error;
        });
      }
    },
    async sendSeparately(records) {
      for (const part of partsOf(records))
        await retryUntilTopicKnown(async () => {
          const own = newProducer(client);
          await sendOver(own, part, limitMs).finally(
            () => void own.then((one) => one.disconnect()).catch(() => undefined),
          );
        });
    },
    consume: (consuming) => consumeWith({ client, requestTimeoutMs, fetchWaitMs }, consuming),
    lag: groups.lag,
    close: async () => void (await Promise.all([discard(), groups.close()])),
  };
}

function* partsOf(records: readonly KafkaRecord[]): Generator<TopicMessages[]> {
  for (let from = 0; from < records.length; from += RECORDS_PER_SEND)
    yield byTopic(records.slice(from, from + RECORDS_PER_SEND));
}

async function sendOver(
  producer: Promise<Producer>,
  topicMessages: TopicMessages[],
  limitMs: number,
): Promise<void> {
  try {
    const sending = producer.then((sender) => sender.sendBatch({ topicMessages, acks: -1 }));
    await withTimeLimit(limitMs, sending);
  } catch (error) {
    const refused = refusalIn(error);
    throw refused === undefined ? error : new RecordRefused(refused);
  }
}

async function newProducer(client: Client): Promise<Producer> {
  const producer = client.producer({
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    // Neither idempotent nor with retries: both can lose messages that kafkajs reports as sent (see the specs beside this file). The caller
    // sends the whole batch again, and readers ignore repeats by number.
    idempotent: false,
    retry: { retries: 0 },
  });
  await producer.connect();
  return producer;
}

function byTopic(records: readonly KafkaRecord[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, headers, value } of records) {
    const messages = topics.get(topic) ?? { topic, messages: [] };
    messages.messages.push({ key, headers: { ...headers }, value: Buffer.from(value) });
    topics.set(topic, messages);
  }
  return [...topics.values()];
}

/** kafkajs may retry without limit, so a wall-clock limit is added. */
async function withTimeLimit<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the broker did not answer in time')), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';

const refusalIn = (error: unknown): string | undefined =>
  errorTypes(error).find((type) => REFUSED.includes(type));

const TOPIC_TRIES = 6;
const TOPIC_PAUSE_MS = 500;

/** A broker may not know a new topic yet, or a partition that moved to it. */
async function retryUntilTopicKnown(send: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!errorTypes(error).includes(UNKNOWN_TOPIC) || tries >= TOPIC_TRIES) throw error;
      await pause(TOPIC_PAUSE_MS);
    }
  }
}
