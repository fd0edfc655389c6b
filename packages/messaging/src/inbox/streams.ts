import type { Transaction } from '@opennrm/runtime';
import type { Cursor } from './classify.ts';

/** A stream as this service has read it, locked until the transaction ends. */
export interface Stream {
  cursor: Cursor;
  quarantined: boolean;
  changed: boolean;
}

/** Locks the streams of a slice in key order and reads the last number seen of each. */
export async function lockStreams(
  tx: Transaction,
  topic: string,
  keys: readonly string[],
): Promise<Map<string, Stream>> {
  const { rows } = await tx.query<{
    key: string;
    epoch: number;
    last: number;
    quarantined: boolean;
  }>({
    name: 'inbox-lock',
    text: `WITH locked AS (
             INSERT INTO inbox AS i (topic, key, epoch, last) SELECT $1, k, 0, 0 FROM unnest($2::text[]) AS k ORDER BY k
             ON CONFLICT (topic, key) DO UPDATE SET last = i.last RETURNING key, epoch, last)
           SELECT key, epoch, last, EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $1 AND q.key = locked.key) AS quarantined FROM locked`,
    values: [topic, [...new Set(keys)].sort()],
  });
  return new Map(
    rows.map(({ key, epoch, last, quarantined }) => [
      key,
      { cursor: { epoch, last }, quarantined, changed: false },
    ]),
  );
}

/** Stores the last number seen of each stream, in the transaction that applied its messages. */
export async function storeCursors(
  tx: Transaction,
  topic: string,
  streams: ReadonlyMap<string, Stream>,
): Promise<void> {
  const changed = [...streams].filter(([, stream]) => stream.changed);
  if (changed.length === 0) return;
  await tx.query({
    name: 'inbox-store',
    text: `UPDATE inbox SET epoch = s.epoch, last = s.last FROM unnest($2::text[], $3::int[], $4::bigint[]) AS s (key, epoch, last)
           WHERE inbox.topic = $1 AND inbox.key = s.key`,
    values: [
      topic,
      changed.map(([key]) => key),
      changed.map(([, { cursor }]) => cursor.epoch),
      changed.map(([, { cursor }]) => cursor.last),
    ],
  });
}
