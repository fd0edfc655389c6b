import { setTimeout as pause } from 'node:timers/promises';
import { type OpenPlatform, OpsError } from './open-platform.ts';

interface ParkedRow {
  topic: string;
  key: string | null;
  sequence: number | null;
  partition: number;
  offset_in_partition: number;
  reason: string;
  parked_at: Date;
}

/** The messages that wait, by key and number; never what is in them. */
export async function parked(platform: OpenPlatform, only: string | undefined): Promise<number> {
  const names = only === undefined ? [...platform.services.keys()] : [only];
  let count = 0;
  for (const name of names) {
    const { rows } = await platform
      .service(name)
      .query<ParkedRow>(
        'SELECT topic, key, sequence, partition, offset_in_partition, reason, parked_at FROM parked ORDER BY topic, key, epoch, sequence LIMIT 200',
      );
    for (const row of rows) {
      count++;
      const place = `${row.topic} partition ${row.partition} offset ${row.offset_in_partition}`;
      console.log(
        `${name}: ${place}, key ${row.key ?? '–'} number ${row.sequence ?? '–'}: ${row.reason}, since ${row.parked_at.toISOString()}`,
      );
    }
  }
  console.log(
    count === 0
      ? 'Nothing is parked.'
      : `${count} parked. Release a key: npm run ops -- release <service> <topic> <key>`,
  );
  return 0;
}

const ANSWER_WITHIN_MS = 10_000;

interface ReleaseRequest {
  readonly service: string;
  readonly topic: string;
  readonly key: string;
  readonly skip: boolean;
}

/** Asks the running service to try the messages of a key again: only it has the handlers. */
export async function release(platform: OpenPlatform, { service, topic, key, skip }: ReleaseRequest): Promise<number> {
  if (topic === '' || key === '') throw new OpsError('release needs a service, a topic and a key.');
  const database = platform.service(service);
  const { rows } = await database.query<{ id: number }>(
    'INSERT INTO release_requests (topic, key, skip, asked_by) VALUES ($1, $2, $3, $4) RETURNING id',
    [topic, key, skip, process.env.USER ?? 'operator'],
  );
  for (const end = Date.now() + ANSWER_WITHIN_MS; Date.now() < end; await pause(200)) {
    const answer = await database.query<{ applied: number }>(
      'SELECT applied FROM release_requests WHERE id = $1 AND done_at IS NOT NULL',
      [rows[0]?.id],
    );
    const [done] = answer.rows;
    if (!done) continue;
    const left = await database.query('SELECT 1 FROM parked WHERE topic = $1 AND key = $2', [topic, key]);
    console.log(`${done.applied} applied, ${left.rowCount ?? 0} still waiting.`);
    return left.rowCount === 0 ? 0 : 1;
  }
  console.log(`${service} has not answered within ${ANSWER_WITHIN_MS / 1_000} s; it will do it when it runs again.`);
  return 1;
}
