import type { Database } from '@opennrm/runtime';
import type { Kafka } from './kafka/port.ts';
import { type JournalMessage, messageColumns, recordOf } from './outbox.ts';

export interface ReplayRequest {
  readonly topic: string;
  /** Only this stream; else all of the topic. */
  readonly key?: string | undefined;
  /** Only what was recorded from this moment on (real time), and before that one. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly progress?: (sent: number) => void;
}

const BATCH = 500;

/**
 * Sends journal bytes of a topic again, in order, with their first headers: for a late consumer, a rebuilt projection or a lost topic (design rule
 * 11). Whoever has seen them ignores them by number. @returns how many messages were sent.
 */
export async function replay(database: Pick<Database, 'query'>, kafka: Kafka, request: ReplayRequest): Promise<number> {
  let [position, sent] = [0, 0];
  for (;;) {
    const { rows } = await database.query<JournalMessage>({
      name: 'journal-replay',
      text: `SELECT ${messageColumns} FROM journal j
             WHERE j.topic = $1 AND ($2::text IS NULL OR j.key = $2) AND j.position > $3
               AND ($4::timestamptz IS NULL OR j.recorded_at >= $4) AND ($5::timestamptz IS NULL OR j.recorded_at < $5)
             ORDER BY j.position LIMIT ${BATCH}`,
      values: [request.topic, request.key ?? null, position, request.since ?? null, request.until ?? null],
    });
    const last = rows.at(-1);
    if (!last) return sent;
    await kafka.sendApart(rows.map(recordOf));
    position = last.position;
    sent += rows.length;
    request.progress?.(sent);
  }
}
