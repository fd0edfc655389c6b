import type { Database } from '@opennrm/runtime';
import type { Kafka } from './kafka/port.ts';
import { type JournalMessage, messageColumns, recordOf } from './outbox.ts';
import { afterInTopic } from './topic-order.ts';

export interface ReplayRequest {
  readonly topic: string;
  /** Only this stream; without it the whole topic. */
  readonly key?: string | undefined;
  /** Only messages recorded from `since` and before `until` (real time). */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly progress?: (sent: number) => void;
}

const BATCH = 500;
/**
 * A row gets its position before its transaction ends, so positions may differ from the order of recording by up to the length of a
 * transaction. No transaction is longer than this.
 */
const LONGEST_TRANSACTION_MS = 3_600_000;

interface Row extends JournalMessage {
  readonly recorded_at: Date;
}

const ROWS = `SELECT ${messageColumns}, j.recorded_at FROM journal j WHERE j.topic IS NOT NULL`;
const IN_TOPIC = `${afterInTopic('j.topic', 'j.position')} ORDER BY j.topic, j.position`;
/** One statement for each shape. An index finds each batch, however long the journal is. */
const ofTopic = {
  name: 'journal-of-topic',
  text: `${ROWS} AND ${IN_TOPIC} LIMIT ${BATCH}`,
};
const ofStream = {
  name: 'journal-of-stream',
  text: `${ROWS} AND j.topic = $1 AND j.key = $2 AND (j.epoch, j.sequence) > ($3, $4) ORDER BY j.epoch, j.sequence LIMIT ${BATCH}`,
};

/**
 * Sends the messages of a topic from the journal again, in order and with their first headers: for a late consumer, a rebuilt projection
 * or a lost topic (design rule 11). Readers that have seen them ignore them by number. @returns how many messages were sent.
 */
export async function replay(
  database: Pick<Database, 'query'>,
  kafka: Kafka,
  request: ReplayRequest,
): Promise<number> {
  const { topic, since, until } = request;
  const position =
    since && request.key === undefined ? await positionBefore(database, topic, since) : 0;
  let last: Pick<Row, 'position' | 'epoch' | 'sequence'> | undefined = {
    position,
    epoch: 0,
    sequence: 0,
  };
  for (let sent = 0; ; ) {
    const rows: Row[] = await batchAfter(database, request, last);
    last = rows.at(-1);
    if (!last || (until && isLongAfter(rows[0], until))) return sent;
    const wanted = rows.filter(
      (row) => (!since || row.recorded_at >= since) && (!until || row.recorded_at < until),
    );
    if (wanted.length === 0) continue;
    await kafka.sendSeparately(wanted.map(recordOf));
    sent += wanted.length;
    request.progress?.(sent);
  }
}

async function batchAfter(
  database: Pick<Database, 'query'>,
  { topic, key }: ReplayRequest,
  last: Pick<Row, 'position' | 'epoch' | 'sequence'>,
): Promise<Row[]> {
  const { rows } = await database.query<Row>(
    key === undefined
      ? { name: ofTopic.name, text: ofTopic.text, values: [topic, last.position] }
      : {
          name: ofStream.name,
          text: ofStream.text,
          values: [topic, key, last.epoch, last.sequence],
        },
  );
  return rows;
}

const isLongAfter = (row: Row | undefined, until: Date): boolean =>
  row !== undefined && row.recorded_at.getTime() - until.getTime() > LONGEST_TRANSACTION_MS;

/**
 * A position of the topic after which everything recorded since that moment is found. A binary search, so that older messages are not
 * read.
 */
async function positionBefore(
  database: Pick<Database, 'query'>,
  topic: string,
  since: Date,
): Promise<number> {
  const old = since.getTime() - LONGEST_TRANSACTION_MS;
  let [low, high] = [0, await newestPosition(database, topic)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { rows } = await database.query<Pick<Row, 'position' | 'recorded_at'>>({
      name: 'journal-recorded-after',
      text: `SELECT j.position, j.recorded_at FROM journal j WHERE j.topic IS NOT NULL AND ${IN_TOPIC} LIMIT 1`,
      values: [topic, middle],
    });
    const [next] = rows;
    if (next && next.recorded_at.getTime() < old) low = next.position;
    else high = middle;
  }
  return low;
}

async function newestPosition(database: Pick<Database, 'query'>, topic: string): Promise<number> {
  const { rows } = await database.query<Pick<Row, 'position'>>({
    name: 'journal-newest',
    text: `SELECT j.position FROM journal j WHERE j.topic IS NOT NULL AND ${afterInTopic('j.topic', 'j.position')}
           ORDER BY j.topic DESC, j.position DESC LIMIT 1`,
    values: [topic, 0],
  });
  return rows[0]?.position ?? 0;
}
