import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { type Envelope, readHeaders } from '../headers.ts';
import type { Received } from '../kafka/port.ts';
import { CannotApply, type Subscription, TRIES } from '../subscription.ts';
import { classifyMessage } from './classify.ts';
import { liftQuarantine, park, parkedOf, quarantine, setParkReason, unpark } from './parking.ts';
import { lockStreams, type Stream, storeCursors } from './streams.ts';

/** What became of the messages of a slice, for the metrics. */
export type MessageOutcome = 'applied' | 'repeat' | 'skipped' | 'parked';

/**
 * Applies a slice of one partition in the caller's transaction: state and "seen" commit together or not at all (design rule 10). A handler
 * that throws leaves nothing.
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
      // Whose it was is not known, so no stream stops; if one was meant, its next message shows the gap.
      await park(tx, message, undefined, `malformed: ${envelope.malformed}`);
      outcomes.push('parked');
    } else outcomes.push(await applyOne(tx, subscription, streams, message, envelope, now));
  }
  await storeCursors(tx, subscription.topic, streams);
  return outcomes;
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
    return parkAndQuarantine(tx, message, envelope, stream, 'gap-waiting');
  const done = await handle(
    tx,
    subscription,
    stream,
    envelope,
    message.value ?? new Uint8Array(),
    now,
  );
  if (done === 'unreadable') return parkAndQuarantine(tx, message, envelope, stream, 'unreadable');
  if (stream.quarantined) await drain(tx, subscription, envelope.key, stream, now);
  return done;
}

async function parkAndQuarantine(
  tx: Transaction,
  message: Received,
  envelope: Envelope,
  stream: Stream,
  reason: 'gap-waiting' | 'unreadable',
): Promise<MessageOutcome> {
  await park(tx, message, envelope, reason);
  await quarantine(tx, message.topic, envelope.key, reason === 'unreadable' ? reason : 'gap');
  stream.quarantined = true;
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
  await run?.(tx, { ...envelope, now });
  stream.cursor = { epoch: envelope.epoch, last: envelope.sequence };
  stream.changed = true;
  return run ? 'applied' : 'skipped';
}

/**
 * A waiting message that fails leaves nothing of itself, and what came before it stands: else the message that ended its wait would be taken
 * for the one at fault, and nobody could give it up.
 */
async function handleWaiting(
  tx: Transaction,
  subscription: Subscription,
  stream: Stream,
  envelope: Envelope,
  value: Uint8Array,
  now: Instant,
): Promise<'applied' | 'skipped' | 'unreadable' | 'handler-failed'> {
  for (let tried = 1; ; tried++) {
    await tx.query('SAVEPOINT waiting');
    try {
      const outcome = await handle(tx, subscription, stream, envelope, value, now);
      await tx.query('RELEASE SAVEPOINT waiting');
      return outcome;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'transient') throw error;
      await tx.query('ROLLBACK TO SAVEPOINT waiting');
      if (error instanceof CannotApply || fault === 'too-slow' || tried >= TRIES.permanent)
        return 'handler-failed';
    }
  }
}

/** What waited is applied as far as it follows; once nothing waits, the stream is out of quarantine. @returns how many were applied. */
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
    const done: number[] = [];
    for (const { id, headers, value } of waiting) {
      const envelope = readHeaders(headers, key);
      if ('malformed' in envelope) break;
      const messageClass = classifyMessage(stream.cursor, envelope);
      if (messageClass === 'gap') break;
      if (messageClass === 'apply') {
        const outcome = await handleWaiting(
          tx,
          subscription,
          stream,
          envelope,
          value ?? new Uint8Array(),
          now,
        );
        if (outcome === 'unreadable' || outcome === 'handler-failed') {
          await setParkReason(tx, id, outcome);
          break;
        }
        applied++;
      }
      done.push(id);
    }
    await unpark(tx, done);
    if (done.length === 0 || done.length < waiting.length) break;
  }
  if (await liftQuarantine(tx, subscription.topic, key)) stream.quarantined = false;
  return applied;
}

/**
 * Tries what waits of one stream again, after a new version can read it or an operator has seen to it. `skip` gives up the first message that
 * waits, or that is missing. @returns how many were applied.
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
  const envelope = first && readHeaders(first.headers, key);
  if (first && envelope && !('malformed' in envelope)) {
    const isNext = classifyMessage(stream.cursor, envelope) === 'apply';
    // The one that waits is given up itself if it is the next; else those missing before it are.
    stream.cursor = { epoch: first.epoch, last: isNext ? first.sequence : first.sequence - 1 };
    stream.changed = true;
  }
  const applied = await drain(tx, subscription, key, stream, now);
  await storeCursors(tx, subscription.topic, streams);
  return applied;
}
