import type { Log, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { type Topic, typeOf } from './topic.ts';

/** What a handler receives about a message besides its content. */
export interface Meta {
  readonly id: string;
  readonly key: string;
  readonly sequence: number;
  readonly epoch: number;
  /** When it happened, in business time. */
  readonly at: Instant;
  /** When it is handled, in business time. */
  readonly now: Instant;
  /**
   * Set where the message was applied before, and is applied again to fill a projection. The handler changes the projection only: nothing
   * is decided or sent a second time. See `onRebuilt`.
   */
  readonly rebuild?: true;
}

/** Handles one event in the transaction that also records it as seen. It must not use the network (design rule 13). */
export type Handle<Value> = (tx: Transaction, value: Value, meta: Meta) => Promise<void>;

type Handlers<Event extends { readonly $case: string }> = {
  readonly [Case in Event['$case']]?: Extract<Event, { readonly $case: Case }> extends {
    readonly value: infer Value;
  }
    ? Handle<Value>
    : never;
};

/** What a service reads of one topic: the event types that it declares. All others are skipped by header. */
export interface Subscription {
  readonly topic: string;
  declares(type: string): boolean;
  /** Undefined when the bytes cannot be read as the declared type. */
  read(
    type: string,
    value: Uint8Array,
  ): ((tx: Transaction, meta: Meta) => Promise<void>) | undefined;
  /**
   * Locks the rows that several messages will change, always in the same order, so that slices of two partitions never block each other.
   */
  lockFirst?(tx: Transaction, values: readonly Uint8Array[]): Promise<void>;
  /** A message of this stream waits unread from now on, or none waits any more: what depends on the stream is reviewed. */
  onQuarantine?(tx: Transaction, key: string, now: Instant): Promise<void>;
  /**
   * The stream has reached the place that was applied before a rebuild: its projection is complete again. Where the quarantine of the
   * rebuild ends with it, `onQuarantine` is not called too.
   */
  onRebuilt?(tx: Transaction, key: string, now: Instant): Promise<void>;
}

interface SubscriptionHooks<Event> {
  readonly lockFirst?: (tx: Transaction, events: readonly Event[]) => Promise<void>;
  readonly onQuarantine?: NonNullable<Subscription['onQuarantine']>;
  readonly onRebuilt?: NonNullable<Subscription['onRebuilt']>;
}

export function subscription<Event extends { readonly $case: string; readonly value: unknown }>(
  topic: Topic<Event>,
  handlers: Handlers<Event>,
  { lockFirst, onQuarantine, onRebuilt }: SubscriptionHooks<Event> = {},
): Subscription {
  const byType = new Map<string, { $case: string; handle: Handle<unknown> }>(
    Object.entries(handlers).map(([$case, handle]) => [
      typeOf(topic, $case),
      { $case, handle: handle as Handle<unknown> },
    ]),
  );
  return {
    topic: topic.name,
    declares: (type) => byType.has(type),
    read(type, bytes) {
      const declared = byType.get(type);
      const event = tryDecode(topic, bytes);
      if (!declared || event?.$case !== declared.$case) return undefined;
      return (tx, meta) => declared.handle(tx, event.value, meta);
    },
    ...(onQuarantine && { onQuarantine }),
    ...(onRebuilt && { onRebuilt }),
    ...(lockFirst && {
      lockFirst: (tx: Transaction, values: readonly Uint8Array[]) =>
        lockFirst(
          tx,
          values.flatMap((bytes) => tryDecode(topic, bytes) ?? []),
        ),
    }),
  };
}

function tryDecode<Event extends { readonly $case: string }>(
  topic: Topic<Event>,
  bytes: Uint8Array,
): Event | undefined {
  try {
    return topic.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Thrown by a handler that can never apply this message, which is then parked at once. The reason is a code. */
export class CannotApply extends Error {
  override readonly name = 'CannotApply';
}

/** How often a failing message is tried before it is parked, for each kind of fault. A transient fault parks nothing (design rule 12). */
export const TRIES = { permanent: 5, 'too-slow': 3 };

/**
 * Logs the name and code of an error of a handler, also when waiting messages are tried again. Never logs its text, which may quote a
 * value.
 */
export const loggingFailures = (subscription: Subscription, log: Log): Subscription => ({
  ...subscription,
  read(type, value) {
    const run = subscription.read(type, value);
    return (
      run &&
      (async (tx, meta) => {
        try {
          await run(tx, meta);
        } catch (error) {
          const { name, code } = error as { name?: string; code?: string };
          log.warn(
            { topic: subscription.topic, type, sequence: meta.sequence, error: name, code },
            'a handler failed',
          );
          throw error;
        }
      })
    );
  },
});
