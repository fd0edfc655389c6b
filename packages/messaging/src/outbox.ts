import { instant } from '@opennrm/runtime/decision';
import type pg from 'pg';
import { headersOf } from './headers.ts';
import { type KafkaRecord, RecordRefused } from './kafka/port.ts';

/** Journal bytes on their way out. */
export interface JournalMessage {
  readonly position: number;
  readonly aggregate_id: string;
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly value: Buffer;
}

export interface Batch {
  readonly records: readonly KafkaRecord[];
  readonly positions: readonly number[];
  /** How long the oldest of them has waited. */
  readonly oldestSeconds: number;
  /** Of this service, that brought them about. */
  readonly traces: readonly string[];
  byAggregate(): ReadonlyMap<string, { records: KafkaRecord[]; positions: number[] }>;
}

const ROWS = 500;
const BYTES = 1_048_576;

export const messageColumns =
  'j.position, j.aggregate_id, j.id, j.type, j.at, j.topic, j.key, j.sequence, j.epoch, j.value';

/** The same bytes and headers each time a message is sent, on the first day or in a replay next year. */
export const recordOf = (row: JournalMessage): KafkaRecord => ({
  ...{ topic: row.topic, key: row.key, value: row.value },
  headers: headersOf(row.topic, {
    id: row.id,
    type: row.type,
    at: instant(row.at),
    key: row.key,
    sequence: row.sequence,
    epoch: row.epoch,
  }),
});

/** What is to be sent next, in the order of the journal: at most 500 messages or 1 MiB. An aggregate that is parked waits as a whole. */
export async function readBatch(connection: pg.Client): Promise<Batch> {
  const { rows } = await connection.query<JournalMessage & { age: number; trace: string | null }>({
    name: 'outbox-read',
    text: `SELECT ${messageColumns}, extract(epoch FROM clock_timestamp() - o.put_at)::float AS age, o.trace
           FROM outbox o JOIN journal j USING (position)
           WHERE NOT EXISTS (SELECT 1 FROM outbox p WHERE p.aggregate_id = o.aggregate_id AND p.parked IS NOT NULL)
           ORDER BY o.position LIMIT ${ROWS}`,
  });
  let bytes = 0;
  const fitting = rows.filter((row, nth) => {
    bytes += row.value.length;
    return nth === 0 || bytes <= BYTES;
  });
  return {
    records: fitting.map(recordOf),
    positions: fitting.map((row) => row.position),
    oldestSeconds: fitting[0]?.age ?? 0,
    traces: [...new Set(fitting.flatMap((row) => row.trace ?? []))],
    byAggregate: () => groupByAggregate(fitting),
  };
}

function groupByAggregate(
  rows: readonly JournalMessage[],
): Map<string, { records: KafkaRecord[]; positions: number[] }> {
  const parts = new Map<string, { records: KafkaRecord[]; positions: number[] }>();
  for (const row of rows) {
    const part = parts.get(row.aggregate_id) ?? { records: [], positions: [] };
    part.records.push(recordOf(row));
    part.positions.push(row.position);
    parts.set(row.aggregate_id, part);
  }
  return parts;
}

export async function forget(connection: pg.Client, positions: readonly number[]): Promise<void> {
  await connection.query({
    name: 'outbox-forget',
    text: 'DELETE FROM outbox WHERE position = ANY ($1::bigint[])',
    values: [positions],
  });
}

export const isPoison = (error: unknown): error is RecordRefused => error instanceof RecordRefused;

/** The order of a stream is kept by parking all of its aggregate's messages, not only the refused one. */
export async function parkPoison(connection: pg.Client, aggregateId: string, reason: string): Promise<void> {
  await connection.query({
    name: 'outbox-park',
    text: 'UPDATE outbox SET parked = $2 WHERE aggregate_id = $1',
    values: [aggregateId, reason],
  });
}
