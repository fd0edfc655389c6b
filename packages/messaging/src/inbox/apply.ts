import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { type Envelope, readHeaders } from '../headers.ts';
import type { Received } from '../kafka/port.ts';
import { CannotApply, type Meta, type Subscription, TRIES } from '../subscription.ts';
import { type Cursor, classifyMessage, isAfter } from './classify.ts';
import {
  endRebuild,
  liftQuarantine,
  type ParkedMessage,
  park,
  parkedOf,
  quarantine,
  REBUILD,
  setParkReason,
  unpark,
} from './parking.ts';
import { lockStreams, type Stream, storeCursors } from './streams.ts';

/** The outcome of each message of a slice, for the metrics. */
export type MessageOutcome = 'applied' | 'repeat' | 'skipped' | 'parked';

/**
 * Applies a slice of one partition in the caller's transaction: the state and the number seen commit together or not at all (design rule
 * 10). A handler that throws leaves no effect.
 */
export async function applySlice(
  tx: Transaction,
  subscription: Subscription,
  slice: readonly Received[],
  now: Instant,
): Promise<MessageOutcome[]> {
  const read = slice.map((message) => ({
    message,
    envelope: readHeaders(message.headers, message.key),
  }));
  const keys = read.flatMap(({ envelope }) => ('malformed' in envelope ? [] : [envelope.key]));
  const streams =
    keys.length > 0 ? await lockStreams(tx, subscription.topic, keys) : new Map<string, Stream>();
  const known = read.filter(
    ({ envelope }) => !('malformed' in envelope) && subscription.declares(envelope.type),
  );
  if (known.length > 1)
    await subscription.lockFirst?.(
      tx,
      known.map(({ message }) => message.value ?? new Uint8Array()),
    );
  const outcomes: MessageOutcome[] = [];
  for (const { message, envelope } of read) {
    if ('malformed' in envelope) {
      // The stream of this message is unknown, so no stream stops. If it belonged to one, the next message of that stream shows the gap.
      await park(tx, message, undefined, `malformed: ${envelope.malformed}`);
      outcomes.push('parked');
    } else outcomes.push(await applyOne(tx, subscription, streams, message, envelope, now));
  }
  storeCursors(tx, subscription.topic, streams);
  return outcomes;
}

interface Slice {
  readonly tx: Transaction;
  readonly subscription: Subscription;
  readonly now: Instant;
}

async function applyOne(
  tx: Transaction,
  subscription: Subscription,
  streams: ReadonlyMap<string, Stream>,
  message: Received,
  envelope: Envelope,
  now: Instant,
): Promise<MessageOutcome> {
  const stream = streams.get(envelope.key);
  if (!stream) throw new Error('a stream of the slice was not locked');
  const messageClass = classifyMessage(stream.cursor, envelope);
  if (messageClass === 'repeat') return 'repeat';
  if (messageClass === 'gap')
    return parkAndQuarantine({ tx, subscription, now }, message, envelope, stream, 'gap-waiting');
  const done = await handle(
    tx,
    subscription,
    stream,
    envelope,
    message.value ?? new Uint8Array(),
    now,
  );
  if (done === 'unreadable')
    return parkAndQuarantine({ tx, subscription, now }, message, envelope, stream, 'unreadable');
  if (stream.quarantined && stream.hasWaiting)
    await drain(tx, subscription, envelope.key, stream, now);
  return done;
}

async function parkAndQuarantine(
  { tx, subscription, now }: Slice,
  message: Received,
  envelope: Envelope,
  stream: Stream,
  reason: 'gap-waiting' | 'unreadable',
): Promise<MessageOutcome> {
  await park(tx, message, envelope, reason);
  // A message that was given up before the rebuild is no news: it waits for an operator again, and nothing else changes.
  const isKnown = rebuildOf(stream, { epoch: envelope.epoch, last: envelope.sequence });
  const why = isKnown ? REBUILD : reason === 'unreadable' ? reason : 'gap';
  if (await quarantine(tx, message.topic, envelope.key, why))
    await subscription.onQuarantine?.(tx, envelope.key, now);
  stream.quarantined = true;
  stream.hasWaiting = true;
  return 'parked';
}

async function handle(
  tx: Transaction,
  subscription: Subscription,
  stream: Stream,
  envelope: Envelope,
  value: Uint8Array,
  now: Instant,
): Promise<'applied' | 'skipped' | 'unreadable'> {
  const declared = subscription.declares(envelope.type);
  const run = declared ? subscription.read(envelope.type, value) : undefined;
  if (declared && !run) return 'unreadable';
  const place = { epoch: envelope.epoch, last: envelope.sequence };
  // Before the handler, which finds the stream readable when this message is the last that was missing.
  const isReadableNow = await lift(tx, subscription, envelope.key, stream, place);
  await run?.(tx, { ...envelope, now, ...rebuildOf(stream, place) });
  stream.cursor = place;
  stream.changed = true;
  if (isSamePlace(stream.appliedBefore, place))
    await subscription.onRebuilt?.(tx, envelope.key, now);
  else if (isReadableNow) await subscription.onQuarantine?.(tx, envelope.key, now);
  return run ? 'applied' : 'skipped';
}

/** Ends the quarantine where nothing waits any more and a rebuild has reached its end. @returns whether it ended. */
async function lift(
  tx: Transaction,
  { topic }: Subscription,
  key: string,
  stream: Stream,
  place: Cursor,
): Promise<boolean> {
  const { quarantined, quarantineUntil } = stream;
  if (!quarantined || (quarantineUntil !== undefined && isAfter(quarantineUntil, place)))
    return false;
  stream.quarantined = !(await liftQuarantine(tx, topic, key, place));
  return !stream.quarantined;
}

/** Whether the message of this place was applied before the projection was emptied. */
function rebuildOf({ appliedBefore }: Stream, place: Cursor): Pick<Meta, 'rebuild'> | undefined {
  if (appliedBefore === undefined || isAfter(place, appliedBefore)) return undefined;
  return { rebuild: true };
}

const isSamePlace = (one: Cursor | undefined, other: Cursor): boolean =>
  one?.epoch === other.epoch && one.last === other.last;

/**
 * A waiting message that fails leaves no effect, and the messages before it stay applied. Otherwise the message that ended the wait would
 * be taken for the faulty one, and an operator could not skip the right one.
 */
async function handleWaiting(
  tx: Transaction,
  subscription: Subscription,
  stream: Stream,
  { id, value }: ParkedMessage,
  envelope: Envelope,
  now: Instant,
): Promise<'applied' | 'skipped' | 'unreadable' | 'handler-failed'> {
  const before = { cursor: stream.cursor, changed: stream.changed };
  for (let tried = 1; ; tried++) {
    try {
      const outcome = await tx.savepoint(
        async () => {
          await unpark(tx, [id]);
          const bytes = value ?? new Uint8Array();
          return handle(tx, subscription, stream, envelope, bytes, now);
        },
        (result) => result !== 'unreadable',
      );
      if (outcome === 'unreadable') waitAgain(stream, before);
      return outcome;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'transient') throw error;
      waitAgain(stream, before);
      if (error instanceof CannotApply || fault === 'too-slow' || tried >= TRIES.permanent)
        return 'handler-failed';
    }
  }
}

/** The message still waits: the stream stays where it was before, and in quarantine. */
function waitAgain(stream: Stream, before: Pick<Stream, 'cursor' | 'changed'>): void {
  Object.assign(stream, before, { quarantined: true });
}

/**
 * Applies the waiting messages as far as they follow without a gap. When none waits, the stream leaves quarantine. @returns how many were
 * applied.
 */
async function drain(
  tx: Transaction,
  subscription: Subscription,
  key: string,
  stream: Stream,
  now: Instant,
): Promise<number> {
  let applied = 0;
  for (;;) {
    const waiting = await parkedOf(tx, subscription.topic, key);
    let done = 0;
    for (const message of waiting) {
      const envelope = readHeaders(message.headers, key);
      if ('malformed' in envelope) break;
      const messageClass = classifyMessage(stream.cursor, envelope);
      if (messageClass === 'gap') break;
      if (messageClass === 'apply') {
        const outcome = await handleWaiting(tx, subscription, stream, message, envelope, now);
        if (outcome === 'unreadable' || outcome === 'handler-failed') {
          await setParkReason(tx, message.id, outcome);
          break;
        }
        applied++;
      } else await unpark(tx, [message.id]);
      done++;
    }
    if (done === 0 || done < waiting.length) break;
  }
  if (stream.quarantined && (await liftQuarantine(tx, subscription.topic, key, stream.cursor))) {
    stream.quarantined = false;
    await subscription.onQuarantine?.(tx, key, now);
  }
  return applied;
}

/**
 * Tries the waiting messages of one stream again, when a new version can read them or an operator has fixed the cause. `skip` gives up
 * the first message that waits, or those missing before it; where none waits, the rest of a rebuild. @returns how many were applied.
 */
export async function releaseStream(
  tx: Transaction,
  subscription: Subscription,
  key: string,
  skip: boolean,
  now: Instant,
): Promise<number> {
  const streams = await lockStreams(tx, subscription.topic, [key]);
  const stream = streams.get(key);
  if (!stream) return 0;
  const [first] = skip ? await parkedOf(tx, subscription.topic, key) : [];
  if (skip && !first) await endRebuild(tx, subscription.topic, key);
  const envelope = first && readHeaders(first.headers, key);
  if (first && envelope && !('malformed' in envelope)) {
    const isNext = classifyMessage(stream.cursor, envelope) === 'apply';
    // If the waiting message is the next number, it is given up itself; otherwise the missing numbers before it are.
    const before = stream.cursor;
    stream.cursor = { epoch: first.epoch, last: isNext ? first.sequence : first.sequence - 1 };
    stream.changed = true;
    const { appliedBefore } = stream;
    if (appliedBefore && isAfter(appliedBefore, before) && !isAfter(appliedBefore, stream.cursor))
      await subscription.onRebuilt?.(tx, key, now);
  }
  const applied = await drain(tx, subscription, key, stream, now);
  storeCursors(tx, subscription.topic, streams);
  return applied;
}
