import { setTimeout as pause } from 'node:timers/promises';
import {
  type Clock,
  type Database,
  faultOf,
  inSpan,
  type Log,
  type Part,
  type Transaction,
} from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { readHeaders } from './headers.ts';
import { applySlice, type MessageOutcome } from './inbox/apply.ts';
import { park, quarantine } from './inbox/parking.ts';
import { joinSlices, type Slice } from './joined-slices.ts';
import type { Kafka, Received } from './kafka/port.ts';
import { CannotApply, loggingFailures, type Subscription, TRIES } from './subscription.ts';

export interface ConsumerSettings {
  readonly kafka: Kafka;
  /** Each commit on it wakes the relay. */
  readonly database: Database;
  readonly group: string;
  readonly subscriptions: readonly Subscription[];
  readonly clock: Clock;
  readonly log: Log;
  readonly fatal: (reason: string) => void;
  /** @param age time from the oldest event of the slice to its handling, in milliseconds of business time. */
  readonly onHandled?: (outcomes: readonly MessageOutcome[], age: number) => void;
  readonly part?: Part;
  /** Messages in one transaction. */
  readonly sliceSize?: number;
}

const SLICE = 64;
const LONGEST_WAIT_MS = 5_000;
const HEARTBEAT_EVERY_MS = 2_000;

interface Reader {
  readonly subscription: Subscription;
  /** False: nothing of the slice was applied. */
  readonly applyJoined: (slice: Slice) => Promise<boolean>;
}

/**
 * Reads the topics of other services. Slices that are read at the same time are one transaction; a failed transaction is repeated message by
 * message.
 */
export function startConsumer(settings: ConsumerSettings): Promise<{ stop(): Promise<void> }> {
  const sliceSize = settings.sliceSize ?? SLICE;
  const byTopic = new Map(
    settings.subscriptions.map((one): [string, Reader] => {
      const subscription = loggingFailures(one, settings.log);
      const apply = (slices: readonly Slice[]) => tryApply(settings, subscription, slices);
      return [one.topic, { subscription, applyJoined: joinSlices(apply, sliceSize) }];
    }),
  );
  return settings.kafka.consume({
    group: settings.group,
    topics: [...byTopic.keys()],
    sliceSize,
    fatal: settings.fatal,
    onActive: () => settings.part?.moved(),
    handle(messages, heartbeat) {
      const reader = byTopic.get(messages[0]?.topic ?? '');
      const work = async (): Promise<void> =>
        reader && handle(settings, reader, { messages, heartbeat });
      return settings.part ? settings.part.during(work) : work();
    },
  });
}

async function handle(
  settings: ConsumerSettings,
  { subscription, applyJoined }: Reader,
  slice: Slice,
): Promise<void> {
  if (await applyJoined(slice)) return;
  for (const message of slice.messages)
    await oneByOne(settings, subscription, message, slice.heartbeat);
}

const apply = async (
  { database, clock, onHandled }: ConsumerSettings,
  subscription: Subscription,
  slices: readonly Slice[],
): Promise<void> => {
  const now = clock.now();
  const messages = slices.flatMap((slice) => slice.messages);
  const heartbeat = slices[0]?.heartbeat ?? (() => Promise.resolve());
  const facts = {
    topic: subscription.topic,
    messages: messages.length,
    firstMessageId: messages[0]?.headers.ce_id ?? '',
  };
  const outcomes = await inSpan(
    'slice',
    facts,
    () =>
      withHeartbeat(heartbeat, () =>
        database.transaction((tx) => applySlice(tx, subscription, messages, now)),
      ),
    { root: true },
  );
  const oldest = Math.min(...slices.map((slice) => happenedAt(slice.messages, now)));
  onHandled?.(outcomes, now - oldest);
};

/**
 * A statement may take longer than the session timeout of this member. A failed heartbeat is ignored here; the next awaited heartbeat
 * finds the fault.
 */
async function withHeartbeat<T>(
  heartbeat: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const heartbeats = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeats);
  }
}

function happenedAt(slice: readonly Received[], now: Instant): Instant {
  const [oldest] = slice;
  const envelope = oldest ? readHeaders(oldest.headers, oldest.key) : undefined;
  return envelope && !('malformed' in envelope) ? envelope.at : now;
}

async function tryApply(
  settings: ConsumerSettings,
  subscription: Subscription,
  slices: readonly Slice[],
): Promise<boolean> {
  try {
    await apply(settings, subscription, slices);
    return true;
  } catch {
    return false;
  }
}

/**
 * A transient fault is retried for as long as it lasts. Any other fault parks the message after a few tries (design rule 12). Parking is
 * a write and can fail in the same ways.
 */
async function oneByOne(
  settings: ConsumerSettings,
  subscription: Subscription,
  message: Received,
  heartbeat: () => Promise<void>,
): Promise<void> {
  const failed = { permanent: 0, 'too-slow': 0 };
  let isToPark = false;
  for (let waits = 0; ; waits++) {
    try {
      if (isToPark) return await parkFailed(settings, subscription, message);
      await apply(settings, subscription, [{ messages: [message], heartbeat }]);
      return;
    } catch (error) {
      const { name, code } = error as { name?: string; code?: string };
      const fault = faultOf(error);
      settings.log.warn(
        {
          topic: message.topic,
          partition: message.partition,
          offset: message.offset,
          error: name,
          code,
          fault,
        },
        'a message could not be applied',
      );
      if (isToPark && fault === 'permanent') throw error;
      if (
        !isToPark &&
        (error instanceof CannotApply || (fault !== 'transient' && ++failed[fault] >= TRIES[fault]))
      ) {
        isToPark = true;
        continue;
      }
    }
    await heartbeat();
    await pause(Math.min(LONGEST_WAIT_MS, 50 * 2 ** waits));
  }
}

async function parkFailed(
  settings: ConsumerSettings,
  subscription: Subscription,
  message: Received,
): Promise<void> {
  const { database, log, onHandled } = settings;
  const envelope = readHeaders(message.headers, message.key);
  if ('malformed' in envelope)
    throw new Error('a malformed message has no handler that could fail');
  await database.transaction(async (tx) => {
    await park(tx, message, envelope, 'handler-failed');
    if (await quarantine(tx, message.topic, envelope.key, 'handler-failed'))
      await announceQuarantine(tx, subscription, envelope.key, settings);
  });
  onHandled?.(['parked'], 0);
  log.error(
    { topic: message.topic, partition: message.partition, offset: message.offset },
    'a message is parked and its key waits for an operator',
  );
}

/** A hook that fails keeps no message from being parked: everybody else on the partition would wait for it. */
async function announceQuarantine(
  tx: Transaction,
  subscription: Subscription,
  key: string,
  { clock, log }: ConsumerSettings,
): Promise<void> {
  try {
    await tx.savepoint(async () => subscription.onQuarantine?.(tx, key, clock.now()));
  } catch (error) {
    const fault = faultOf(error);
    if (fault === 'transient') throw error;
    log.error(
      { topic: subscription.topic, fault },
      'what depends on a parked message could not be reviewed',
    );
  }
}
