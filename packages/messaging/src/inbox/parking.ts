import type { Transaction } from '@opennrm/runtime';
import type { Envelope } from '../headers.ts';
import type { Received } from '../kafka/port.ts';
import type { Cursor } from './classify.ts';

/** Why a message waits. A `gap-waiting` message is readable; a message before it is missing or parked. */
export type ParkReason = 'gap-waiting' | 'unreadable' | 'handler-failed' | `malformed: ${string}`;

/** Stores a message that cannot be applied now. Storing the same message again changes nothing. */
export async function park(
  tx: Transaction,
  message: Received,
  envelope: Envelope | undefined,
  reason: ParkReason,
): Promise<void> {
  await tx.query({
    name: 'parked-add',
    text: `INSERT INTO parked (topic, partition, offset_in_partition, key, epoch, sequence, headers, value, reason)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    values: [
      message.topic,
      message.partition,
      message.offset,
      envelope?.key ?? null,
      envelope?.epoch ?? null,
      envelope?.sequence ?? null,
      storableHeaders(message.headers),
      message.value ? Buffer.from(message.value) : null,
      reason,
    ],
  });
}

/** PostgreSQL stores no NUL in JSON. */
const storableHeaders = (headers: Readonly<Record<string, string>>): string =>
  JSON.stringify(headers).replaceAll('\\u0000', '\\ufffd');

/**
 * A message of the stream waits. A stream that was in quarantine for a rebuild alone is now one with an unread message.
 * @returns whether the stream had no unread message before.
 */
export async function quarantine(
  tx: Transaction,
  topic: string,
  key: string,
  reason: string,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'quarantine-add',
    text: `INSERT INTO quarantine AS q (topic, key, reason) VALUES ($1, $2, $3)
           ON CONFLICT (topic, key) DO UPDATE SET reason = excluded.reason WHERE q.reason = '${REBUILD}' AND excluded.reason <> '${REBUILD}'`,
    values: [topic, key, reason],
  });
  return (rowCount ?? 0) > 0;
}

/** The reason of a quarantine without an unread message: the messages were applied before, and are applied again. */
export const REBUILD = 'rebuild';

export interface ParkedMessage {
  readonly id: number;
  readonly key: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly headers: Record<string, string>;
  readonly value: Buffer | null;
}

const DRAIN_AT_ONCE = 200;

/** The waiting messages of a stream, in the order in which they are to be applied. */
export async function parkedOf(
  tx: Transaction,
  topic: string,
  key: string,
): Promise<ParkedMessage[]> {
  const { rows } = await tx.query<ParkedMessage>({
    name: 'parked-of-key',
    text: `SELECT id, key, epoch, sequence, headers, value FROM parked WHERE topic = $1 AND key = $2 AND sequence IS NOT NULL
           ORDER BY epoch, sequence LIMIT ${DRAIN_AT_ONCE}`,
    values: [topic, key],
  });
  return rows;
}

export async function unpark(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await tx.query({
      name: 'parked-remove',
      text: 'DELETE FROM parked WHERE id = ANY ($1::bigint[])',
      values: [ids],
    });
}

/** Sets the reason of a parked message that was tried again and still waits. */
export async function setParkReason(
  tx: Transaction,
  id: number,
  reason: ParkReason,
): Promise<void> {
  await tx.query({
    name: 'parked-reason',
    text: 'UPDATE parked SET reason = $2 WHERE id = $1',
    values: [id, reason],
  });
}

/**
 * Ends the quarantine of a stream when none of its messages waits and its projection is filled again up to `reached`.
 * @returns whether it ended.
 */
export async function liftQuarantine(
  tx: Transaction,
  topic: string,
  key: string,
  reached: Cursor,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'quarantine-lift',
    text: `DELETE FROM quarantine WHERE topic = $1 AND key = $2 AND NOT EXISTS (SELECT 1 FROM parked WHERE topic = $1 AND key = $2 AND sequence IS NOT NULL)
             AND (until_epoch IS NULL OR (until_epoch, until_last) <= ($3, $4))`,
    values: [topic, key, reached.epoch, reached.last],
  });
  return (rowCount ?? 0) > 0;
}

/** An operator gives up the rest of a rebuild: the stream stays in quarantine only for messages that wait. Repeats are still known as such. */
export async function endRebuild(tx: Transaction, topic: string, key: string): Promise<void> {
  await tx.query({
    name: 'quarantine-rebuild-end',
    text: 'UPDATE quarantine SET until_epoch = NULL, until_last = NULL WHERE topic = $1 AND key = $2',
    values: [topic, key],
  });
}

/**
 * The messages of a topic are applied again from the beginning. It is called before the projections are emptied, in the same transaction:
 * it locks each stream, so that no consumer is at work on one. Each stream is in quarantine until it has reached the last place that was
 * applied or waits now, because the projection meanwhile shows an earlier state. A second rebuild that begins before the first one is
 * complete ends where the first would have ended.
 */
export async function beginRebuild(tx: Transaction, topic: string): Promise<void> {
  // No stream of the topic may begin before the projections are emptied: its rows would be removed, and its messages would be repeats.
  await tx.query('LOCK TABLE inbox IN SHARE ROW EXCLUSIVE MODE');
  await tx.query(
    `WITH locked AS (SELECT key, epoch, last FROM inbox WHERE topic = $1 ORDER BY key FOR UPDATE),
             begun AS (
               UPDATE inbox i SET epoch = 0, last = 0,
                 applied_epoch = CASE WHEN (i.applied_epoch, i.applied_last) > (l.epoch, l.last) THEN i.applied_epoch ELSE l.epoch END,
                 applied_last = CASE WHEN (i.applied_epoch, i.applied_last) > (l.epoch, l.last) THEN i.applied_last ELSE l.last END
               FROM locked l WHERE i.topic = $1 AND i.key = l.key AND (l.last > 0 OR i.applied_last IS NOT NULL)
               RETURNING i.key, i.applied_epoch AS epoch, i.applied_last AS last),
             waiting AS (DELETE FROM parked WHERE topic = $1 RETURNING key, epoch, sequence)
           INSERT INTO quarantine AS q (topic, key, reason, until_epoch, until_last)
             SELECT DISTINCT ON (key) $1, key, '${REBUILD}', epoch, last FROM (
               SELECT key, epoch, last FROM begun
               UNION ALL SELECT key, epoch, sequence FROM waiting WHERE sequence IS NOT NULL) AS seen
             ORDER BY key, epoch DESC, last DESC
           ON CONFLICT (topic, key) DO UPDATE SET
             until_epoch = CASE WHEN (q.until_epoch, q.until_last) > (excluded.until_epoch, excluded.until_last) THEN q.until_epoch ELSE excluded.until_epoch END,
             until_last = CASE WHEN (q.until_epoch, q.until_last) > (excluded.until_epoch, excluded.until_last) THEN q.until_last ELSE excluded.until_last END`,
    [topic],
  );
}
