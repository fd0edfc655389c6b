import type { Transaction, WriteSet } from '@opennrm/runtime';
import type { Cursor } from './classify.ts';

/** A stream as this service has read it, locked until the transaction ends. */
export interface Stream {
  cursor: Cursor;
  quarantined: boolean;
  /** Messages of the stream are parked. */
  hasWaiting: boolean;
  /** The quarantine lasts at least until this place, while the projection is filled again. */
  readonly quarantineUntil: Cursor | undefined;
  /** Messages up to this place were applied before the projection was emptied. */
  readonly appliedBefore: Cursor | undefined;
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
    waiting: boolean;
    until_epoch: number | null;
    until_last: number | null;
    applied_epoch: number | null;
    applied_last: number | null;
  }>({
    name: 'inbox-lock',
    isHarmlessAlone: true, // a stream of which nothing was read
    text: `WITH locked AS (
             INSERT INTO inbox AS i (topic, key, epoch, last) SELECT $1, k, 0, 0 FROM unnest($2::text[]) AS k ORDER BY k
             ON CONFLICT (topic, key) DO UPDATE SET last = i.last RETURNING i.key, i.epoch, i.last, i.applied_epoch, i.applied_last)
           SELECT locked.key, locked.epoch, locked.last, q.key IS NOT NULL AS quarantined, q.until_epoch, q.until_last,
             locked.applied_epoch, locked.applied_last,
             q.key IS NOT NULL AND EXISTS (SELECT 1 FROM parked p WHERE p.topic = $1 AND p.key = locked.key AND p.sequence IS NOT NULL) AS waiting
           FROM locked LEFT JOIN quarantine q ON q.topic = $1 AND q.key = locked.key`,
    values: [topic, [...new Set(keys)].sort()],
  });
  return new Map(
    rows.map((row) => [
      row.key,
      {
        cursor: { epoch: row.epoch, last: row.last },
        quarantined: row.quarantined,
        hasWaiting: row.waiting,
        quarantineUntil: placeOf(row.until_epoch, row.until_last),
        appliedBefore: placeOf(row.applied_epoch, row.applied_last),
        changed: false,
      },
    ]),
  );
}

const placeOf = (epoch: number | null, last: number | null): Cursor | undefined =>
  epoch === null || last === null ? undefined : { epoch, last };

interface Read {
  readonly topic: string;
  readonly key: string;
  readonly cursor: Cursor;
}

const CURSORS: WriteSet<Read> = {
  name: 'inbox-store',
  text: `UPDATE inbox SET epoch = s.epoch, last = s.last FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS s (topic, key, epoch, last)
         WHERE inbox.topic = s.topic AND inbox.key = s.key`,
  values: (rows) => [
    rows.map(({ topic }) => topic),
    rows.map(({ key }) => key),
    rows.map(({ cursor }) => cursor.epoch),
    rows.map(({ cursor }) => cursor.last),
  ],
};

/** Stores the last number seen of each stream, with the commit of what its messages did. */
export function storeCursors(
  tx: Transaction,
  topic: string,
  streams: ReadonlyMap<string, Stream>,
): void {
  for (const [key, { changed, cursor }] of streams)
    if (changed) tx.write(CURSORS, { topic, key, cursor });
}
