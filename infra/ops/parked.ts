import { setTimeout as pause } from 'node:timers/promises';
import { normalizeId } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { type OpenPlatform, OpsError, topicOf } from './open-platform.ts';

interface ParkedRow {
  topic: string;
  key: string | null;
  sequence: number | null;
  partition: number;
  offset_in_partition: number;
  reason: string;
  parked_at: Date;
}

export const parked: Command = {
  subjects: '[service]',
  summary: 'the messages that could not be applied, with offset and reason',
  help: 'It never shows their content. gap-waiting: a message before it is missing (replay). unreadable: a newer version is needed. handler-failed: a\nfault of the service; its log names the error. malformed: not a message of this platform; no other message waits for it.',
  effect: 'reads',
  run: (platform, { subjects: [only] }) => list(platform, only),
};

export const release: Command = {
  subjects: '<service> <topic> <key> [--skip --yes]',
  summary: 'try the parked messages of a key again; --skip skips the first of them permanently',
  help: 'The running service does it, with its own handlers. Skip a message only when it can never be applied: its content is then lost to this\nservice. The id of the operator is recorded.',
  effect: 'idempotent',
  run: (platform, { subjects: [service = '', topic = '', key = ''], skip, yes, person }) =>
    requestRelease(platform, { service, topic, key: normalizeId(key), skip, yes, person }),
};

const SHOWN = 200;

/** Prints the parked messages, by key and number, never their content. */
async function list(platform: OpenPlatform, only: string | undefined): Promise<number> {
  const names = only === undefined ? [...platform.services.keys()] : [only];
  let [count, shown] = [0, 0];
  for (const name of names) {
    const database = platform.service(name);
    const { rows } = await database.query<ParkedRow>(
      `SELECT topic, key, sequence, partition, offset_in_partition, reason, parked_at FROM parked
       ORDER BY topic, key, epoch, sequence LIMIT ${SHOWN}`,
    );
    const all = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM parked',
    );
    count += all.rows[0]?.count ?? 0;
    shown += rows.length;
    for (const row of rows) {
      const place = `${row.topic} partition ${row.partition} offset ${row.offset_in_partition}`;
      console.log(
        `${name}: ${place}, key ${row.key ?? '–'} number ${row.sequence ?? '–'}: ${row.reason}, since ${row.parked_at.toISOString()}`,
      );
    }
  }
  const first = shown < count ? `, the first ${SHOWN} of each service are shown` : '';
  console.log(
    count === 0
      ? 'Nothing is parked.'
      : `${count} parked${first}. Release a key: npm run ops -- release <service> <topic> <key>`,
  );
  return 0;
}

const ANSWER_WITHIN_MS = 10_000;

interface ReleaseRequest {
  readonly service: string;
  readonly topic: string;
  readonly key: string;
  readonly skip: boolean;
  readonly yes: boolean;
  readonly person: string;
}

/** Asks the running service to try the messages of a key again: only it has the handlers. */
async function requestRelease(
  platform: OpenPlatform,
  { service, topic, key, skip, yes, person }: ReleaseRequest,
): Promise<number> {
  if (topic === '' || key === '') throw new OpsError('release needs a service, a topic and a key.');
  topicOf(topic);
  const database = platform.service(service);
  if (skip && !yes) {
    console.log(
      `The first parked message of ${key} would be skipped permanently. Do it: add --yes.`,
    );
    return 0;
  }
  const { rows } = await database.query<{ id: number }>(
    'INSERT INTO release_requests (topic, key, skip, asked_by) VALUES ($1, $2, $3, $4) RETURNING id',
    [topic, key, skip, person],
  );
  for (const end = Date.now() + ANSWER_WITHIN_MS; Date.now() < end; await pause(200)) {
    const answer = await database.query<{ applied: number }>(
      'SELECT applied FROM release_requests WHERE id = $1 AND done_at IS NOT NULL',
      [rows[0]?.id],
    );
    const [done] = answer.rows;
    if (!done) continue;
    const waiting = await database.query('SELECT 1 FROM parked WHERE topic = $1 AND key = $2', [
      topic,
      key,
    ]);
    console.log(`${done.applied} applied, ${waiting.rowCount ?? 0} still waiting.`);
    return waiting.rowCount === 0 ? 0 : 1;
  }
  console.log(
    `${service} has not answered within ${ANSWER_WITHIN_MS / 1_000} s; it will release the key when it runs again.`,
  );
  return 1;
}
