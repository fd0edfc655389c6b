import { randomUUID } from 'node:crypto';
import { type Run, transaction } from '../bare/database.ts';
import { openProducer } from '../bare/kafka.ts';

interface Message {
  id: string;
  topic: string;
  key: string;
  type: string;
}

const EVERY_MS = 1_000;
const send = await openProducer();

async function publish({ id, topic, key, type }: Message): Promise<void> {
  await send([
    {
      topic,
      messages: [{ key, value: JSON.stringify({ id, key, type }), headers: { ce_type: type } }],
    },
  ]);
  await transaction(
    async (run) =>
      void (await run('published', 'UPDATE message SET published = true WHERE id = $1', [id])),
  );
}

/** Does the work, commits, and then publishes. The process may end between the two: the poll then publishes. */
export async function commitThenPublish(
  topic: string,
  key: string,
  type: string,
  work: (also: (run: Run) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const message = { id: randomUUID(), topic, key, type };
  let kept = false;
  await work(async (run) => {
    await run('message', 'INSERT INTO message (id, topic, key, type) VALUES ($1, $2, $3, $4)', [
      message.id,
      topic,
      key,
      type,
    ]);
    kept = true;
  });
  if (kept) await publish(message);
}

/** Each second, publishes the messages that were not published within one second. */
export function pollEachSecond(): void {
  const late = `SELECT id, topic, key, type FROM message WHERE NOT published AND at < clock_timestamp() - interval '1 second' ORDER BY at LIMIT 500`;
  setInterval(() => {
    void transaction(async (run) => {
      const { rows } = await run('late', late, []);
      for (const row of rows as Message[]) await publish(row).catch(() => undefined);
    }).catch(() => undefined);
  }, EVERY_MS);
}
