import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Clock,
  type Database,
  type Lifecycle,
  requireSchema,
  type Transaction,
} from '@opennrm/runtime';
import { startConsumer } from './consumer.ts';
import { kafkaOnKafkajs } from './kafka/kafkajs.ts';
import type { Kafka } from './kafka/port.ts';
import { type MessagingMetrics, messagingMetrics } from './metrics.ts';
import { startRelay } from './relay.ts';
import { startReleases } from './release.ts';
import type { Subscription } from './subscription.ts';
import { type OnDeadline, startTimers } from './timers.ts';

export interface MessagingSettings {
  /** The name of the service, which is also its consumer group. */
  readonly service: string;
  readonly brokers: readonly string[];
  readonly database: Database;
  readonly clock: Clock;
  readonly clockAgrees: () => boolean;
  readonly lifecycle: Lifecycle;
  readonly subscriptions: readonly Subscription[];
  /** For each aggregate, the handler that runs when its deadline passes. */
  readonly timers: Readonly<Record<string, OnDeadline>>;
  /** Called after each commit of this process, with the transaction that was committed. */
  readonly onCommit?: (tx: Transaction) => void;
}

/** A database that calls `wake` after each commit, so that new messages are sent and due timers fire at once. */
export const wakingDatabase = (database: Database, wake: (tx: Transaction) => void): Database => ({
  ...database,
  async transaction(work) {
    const [result, committed] = await database.transaction(async (tx) => [await work(tx), tx]);
    wake(committed);
    return result;
  },
});

/** Starts relay, consumer and timers of a service. Commands must run on the returned database. */
export async function startMessaging(
  settings: MessagingSettings,
): Promise<{ readonly database: Database }> {
  const { service, brokers, clock, lifecycle, subscriptions } = settings;
  const { log } = lifecycle;
  await requireSchema(settings.database, fileURLToPath(new URL('../migrations', import.meta.url)));
  const kafka = kafkaOnKafkajs({ brokers, clientId: service, log });
  const topics = subscriptions.map((one) => one.topic);
  const lag = () => kafka.lag(service, topics);
  const metrics = messagingMetrics(lifecycle.metrics, { database: settings.database, clock, lag });
  lifecycle.onStop('kafka', () => kafka.close());
  const relay = startRelay({
    database: settings.database,
    kafka,
    log,
    part: lifecycle.parts.add('relay'),
    onUnwritable: (topics) => metrics.unwritableTopics.set(topics),
    onSent(count, delaySeconds) {
      metrics.sent.inc(count);
      metrics.relayDelay.observe(delaySeconds);
    },
  });
  lifecycle.onStop('relay', () => relay.stop());
  const database = wakingDatabase(settings.database, (tx) => {
    relay.wake();
    timers.wake();
    settings.onCommit?.(tx);
  });
  const timers = startTimers({
    database,
    clock,
    clockAgrees: settings.clockAgrees,
    log,
    part: lifecycle.parts.add('timers'),
    fire: settings.timers,
  });
  lifecycle.onStop('timers', () => timers.stop());
  if (subscriptions.length > 0)
    lifecycle.onStop('consumer', listen({ ...settings, database }, kafka, metrics));
  const releases = startReleases({ database, subscriptions, clock, log });
  lifecycle.onStop('releases', () => releases.stop());
  return { database };
}

const JOIN_RETRY_MS = [500, 1_000, 2_000, 5_000];

/**
 * Joining a group can take as long as the session of a killed member, or as long as the brokers are away. Calls are answered in the
 * meantime, and their messages wait in the outbox. @returns a function that stops it.
 */
function listen(
  settings: MessagingSettings,
  kafka: Kafka,
  metrics: MessagingMetrics,
): () => Promise<void> {
  const ending = new AbortController();
  const ended = new Promise<undefined>((resolve) =>
    ending.signal.addEventListener('abort', () => resolve(undefined)),
  );
  const joined = join(settings, kafka, metrics, ending.signal);
  return async () => {
    ending.abort();
    const leaving = joined.then((consumer) => consumer?.stop());
    // a consumer that still waits to join is not waited for; it leaves the group after it has joined
    const consumer = await Promise.race([joined, ended]);
    if (consumer) await leaving;
    else leaving.catch(() => undefined);
  };
}

async function join(
  { service, database, clock, lifecycle, subscriptions }: MessagingSettings,
  kafka: Kafka,
  metrics: MessagingMetrics,
  ending: AbortSignal,
): Promise<{ stop(): Promise<void> } | undefined> {
  const part = lifecycle.parts.add('consumer');
  for (let failures = 0; !ending.aborted; failures++) {
    try {
      return await startConsumer({
        kafka,
        database,
        group: service,
        subscriptions,
        clock,
        log: lifecycle.log,
        fatal: lifecycle.fatal,
        part,
        onHandled(outcomes, age) {
          metrics.age.set(age / 1_000);
          for (const outcome of outcomes) metrics.outcomes.inc({ outcome });
        },
      });
    } catch (error) {
      lifecycle.log.warn(
        { error: (error as Error).name, failures },
        'the consumer cannot join its group yet, trying again',
      );
      const wait = JOIN_RETRY_MS[Math.min(failures, JOIN_RETRY_MS.length - 1)];
      await pause(wait, undefined, { signal: ending }).catch(() => undefined);
    }
  }
  return undefined;
}
