import type { Database } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { headersOf } from './headers.ts';
import { type KafkaRecord, RecordRefused } from './kafka/port.ts';
import { afterInTopic } from './topic-order.ts';

/** A message of the journal that is to be sent. */
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
  readonly after_epoch: number;
  readonly after_last: number;
  readonly value: Buffer;
}

export interface Batch {
  readonly records: readonly KafkaRecord[];
  /** The journal position of each record. */
  readonly positions: readonly number[];
  /** The aggregate of each record. */
  readonly aggregateIds: readonly string[];
  readonly topics: readonly string[];
  /** How long the oldest record has waited. */
  readonly oldestSeconds: number;
  /** The traces of this service that caused the records. */
  readonly traces: readonly string[];
}

const ROWS = 500;
const BYTES = 1_048_576;

export const messageColumns =
  'j.position, j.aggregate_id, j.id, j.type, j.at, j.topic, j.key, j.sequence, j.epoch, j.after_epoch, j.after_last, j.value';

/** A message has the same bytes and headers each time it is sent, also in a replay a year later. */
export const recordOf = (row: JournalMessage): KafkaRecord => ({
  topic: row.topic,
  key: row.key,
  value: row.value,
  headers: headersOf(row.topic, {
    id: row.id,
    type: row.type,
    at: instant(row.at),
    key: row.key,
    sequence: row.sequence,
    epoch: row.epoch,
    epochAfter: { epoch: row.after_epoch, last: row.after_last },
  }),
});

/** The connection that runs the statements of the relay and holds its lock. */
export type OutboxConnection = Pick<Database, 'query'>;

type Row = JournalMessage & { readonly age: number; readonly trace: string | null };

const COLUMNS = `${messageColumns}, extract(epoch FROM clock_timestamp() - o.put_at)::float AS age, o.trace`;
const NOT_PARKED =
  'NOT EXISTS (SELECT 1 FROM outbox p WHERE p.aggregate_id = o.aggregate_id AND p.parked IS NOT NULL)';

/** Reads what is to be sent next, in the order of the journal: at most 500 messages or 1 MiB. A parked aggregate waits as a whole. */
export async function readBatch(connection: OutboxConnection): Promise<Batch> {
  const { rows } = await connection.query<Row>({
    name: 'outbox-read',
    text: `SELECT ${COLUMNS} FROM outbox o JOIN journal j USING (position)
           WHERE ${NOT_PARKED} ORDER BY o.position LIMIT ${ROWS}`,
  });
  return batchOf(rows);
}

/** Like `readBatch`, for all topics except these. Messages that wait for the excepted topics are not read. */
export async function readBatchExcept(
  connection: OutboxConnection,
  topics: readonly string[],
): Promise<Batch> {
  const { rows } = await connection.query<Row>({
    name: 'outbox-read-except',
    text: `WITH RECURSIVE topics AS (
             (SELECT to_topic FROM outbox ORDER BY to_topic LIMIT 1)
             UNION ALL
             SELECT (SELECT n.to_topic FROM outbox n WHERE n.to_topic > t.to_topic ORDER BY n.to_topic LIMIT 1)
             FROM topics t WHERE t.to_topic IS NOT NULL)
           SELECT ${COLUMNS} FROM topics t CROSS JOIN LATERAL (
             SELECT * FROM outbox o WHERE o.to_topic = t.to_topic AND ${NOT_PARKED} ORDER BY o.position LIMIT ${ROWS}) o
           JOIN journal j USING (position)
           WHERE t.to_topic <> ALL ($1::text[]) ORDER BY o.position LIMIT ${ROWS}`,
    values: [topics],
  });
  return batchOf(rows);
}

/** Like `readBatch`, for one topic. */
export async function readBatchOfTopic(
  connection: OutboxConnection,
  topic: string,
): Promise<Batch> {
  const { rows } = await connection.query<Row>({
    name: 'outbox-read-topic',
    text: `SELECT ${COLUMNS} FROM outbox o JOIN journal j USING (position)
           WHERE ${afterInTopic('o.to_topic', 'o.position')} AND ${NOT_PARKED}
           ORDER BY o.to_topic, o.position LIMIT ${ROWS}`,
    values: [topic, 0],
  });
  return batchOf(rows);
}

function batchOf(rows: readonly Row[]): Batch {
  let bytes = 0;
  const fitting = rows.filter((row, nth) => {
    bytes += row.value.length;
    return nth === 0 || bytes <= BYTES;
  });
  return {
    records: fitting.map(recordOf),
    positions: fitting.map((row) => row.position),
    aggregateIds: fitting.map((row) => row.aggregate_id),
    topics: [...new Set(fitting.map((row) => row.topic))],
    oldestSeconds: fitting[0]?.age ?? 0,
    traces: [...new Set(fitting.flatMap((row) => row.trace ?? []))],
  };
}

export async function deleteSent(
  connection: OutboxConnection,
  positions: readonly number[],
): Promise<void> {
  await connection.query({
    name: 'outbox-delete-sent',
    text: 'DELETE FROM outbox WHERE position = ANY ($1::bigint[])',
    values: [positions],
  });
}

export const isRefused = (error: unknown): error is RecordRefused => error instanceof RecordRefused;

/** Parks all messages of the aggregate, not only the refused one, so that the order of its streams is kept. */
export async function parkAggregate(
  connection: OutboxConnection,
  aggregateId: string,
  reason: string,
): Promise<void> {
  await connection.query({
    name: 'outbox-park',
    text: 'UPDATE outbox SET parked = $2 WHERE aggregate_id = $1',
    values: [aggregateId, reason],
  });
}
