import { setTimeout as pause } from 'node:timers/promises';
import type { TopicMessages } from 'kafkajs';
import { connection } from './database.ts';
import { openProducer } from './kafka.ts';

const ROWS = 500;
const FULL_ENOUGH = 200;
const LINGER_MS = 4;
const POLL_MS = 150;

interface Row {
  position: number;
  id: string;
  type: string;
  topic: string;
  key: string;
  sequence: number;
  value: Buffer;
}

/** Sends what is in the outbox, then forgets it. @returns what to call after a commit. */
export async function startRelay(): Promise<() => void> {
  const [database, send] = [await connection(), await openProducer()];
  // this connection looks rows up by position and does nothing else: no plan for a small table may outlive the table's growth
  await database.query('SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off');
  let bell = Promise.withResolvers<void>();
  const step = async (): Promise<number> => {
    const { rows } = await database.query<Row>({
      name: 'outbox',
      text: `SELECT j.position, j.id, j.type, j.topic, j.key, j.sequence, j.value
             FROM outbox o JOIN journal j USING (position) ORDER BY o.position LIMIT ${ROWS}`,
    });
    if (rows.length === 0) return 0;
    await send(batchOf(rows));
    const values = [rows.map(({ position }) => position)];
    await database.query({ name: 'sent', text: 'DELETE FROM outbox WHERE position = ANY ($1::bigint[])', values });
    return rows.length;
  };
  const live = async (): Promise<never> => {
    for (;;) {
      const sent = await step();
      if (sent === 0) {
        await Promise.race([bell.promise, pause(POLL_MS)]);
        bell = Promise.withResolvers<void>();
      } else if (sent < FULL_ENOUGH) await pause(LINGER_MS);
    }
  };
  void live();
  return () => bell.resolve();
}

function batchOf(rows: readonly Row[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { id, type, topic, key, sequence, value } of rows) {
    const one = topics.get(topic) ?? { topic, messages: [] };
    const headers = { ce_id: id, ce_type: type, ce_sequence: String(sequence), ce_epoch: '1' };
    one.messages.push({ key, value, headers });
    topics.set(topic, one);
  }
  return [...topics.values()];
}
