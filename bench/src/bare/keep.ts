import { randomUUID } from 'node:crypto';
import type { Run } from './database.ts';
import type { Slice } from './kafka.ts';
import type { Step } from './shape.ts';

/** Whose keys the messages of a step get. */
export interface Keys {
  readonly referral: string;
  readonly hold: string;
  readonly service: string;
}

const PLATFORM = '00000000-0000-0000-0000-000000000000';
/** The bare pipeline has topics of its own, beside those of the platform. */
export const bareTopic = (topic: string): string => topic.replace('opennrm.', 'bare.');

/** The rows of one step of the platform, in as many statements: numbers of the streams, journal with outbox, and the timer. */
export async function keep(
  run: Run,
  aggregate: string,
  id: string,
  version: number,
  step: Step,
  keys: Keys,
): Promise<void> {
  const { events } = step;
  const messages = step.messages.map((one) => ({ ...one, key: keys[one.owner], topic: bareTopic(one.topic) }));
  const { rows } = await run(
    'streams',
    `INSERT INTO stream_numbers AS s (topic, key, last) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last RETURNING last`,
    [messages.map(({ topic }) => topic), messages.map(({ key }) => key), messages.map(() => 1)],
  );
  const none = (list: readonly unknown[]): null[] => list.map(() => null);
  await run(
    'journal',
    `WITH written AS (
       INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, data, topic, key, sequence, epoch, value)
       SELECT r.id, $1, $2, $3, $4, $5, 'system', r.type, r.data::jsonb, r.topic, r.key, r.sequence, r.epoch, r.value
       FROM unnest($6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::int[], $13::bytea[])
         AS r (id, type, data, topic, key, sequence, epoch, value)
       RETURNING position, topic)
     INSERT INTO outbox (position, aggregate_id) SELECT position, $2 FROM written WHERE topic IS NOT NULL`,
    [
      ...[aggregate, id, version, Date.now(), PLATFORM],
      [...events, ...messages].map(() => randomUUID()),
      [...events, ...messages].map(({ type }) => type),
      [...events.map(({ data }) => data), ...none(messages)],
      [...none(events), ...messages.map(({ topic }) => topic)],
      [...none(events), ...messages.map(({ key }) => key)],
      [...none(events), ...rows.map(({ last }: { last: number }) => last)],
      [...none(events), ...messages.map(() => 1)],
      [...none(events), ...messages.map(({ value }) => Buffer.from(value, 'base64'))],
    ],
  );
  await run(
    'timer',
    'INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) VALUES ($1, $2, $3, $4, $5)',
    [...[aggregate, id, version, 'bare', Date.now() + 3_600_000]],
  );
}

/** Remembers the streams of a slice; @returns the messages that were not seen yet. */
export async function unseen(run: Run, topic: string, slice: Slice): Promise<Slice> {
  const keys = [...new Set(slice.map(({ key }) => String(key)))].sort();
  const { rows } = await run(
    'inbox-lock',
    `INSERT INTO inbox AS i (topic, key, epoch, last) SELECT $1, k, 1, 0 FROM unnest($2::text[]) AS k ORDER BY k
     ON CONFLICT (topic, key) DO UPDATE SET last = i.last RETURNING key, last`,
    [topic, keys],
  );
  const last = new Map(rows.map((row: { key: string; last: number }) => [row.key, row.last]));
  const fresh = slice.filter(({ key, headers }) => {
    const number = Number(headers?.ce_sequence);
    if (number <= (last.get(String(key)) ?? 0)) return false;
    last.set(String(key), number);
    return true;
  });
  await run(
    'inbox-keep',
    `UPDATE inbox SET last = s.last FROM unnest($2::text[], $3::bigint[]) AS s (key, last)
     WHERE inbox.topic = $1 AND inbox.key = s.key`,
    [topic, [...last.keys()], [...last.values()]],
  );
  return fresh;
}
