import { randomUUID } from 'node:crypto';
import { currentTrace, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { type Topic, typeOf } from './topic.ts';

/** Who caused a change: a person of an organisation in a role, or the platform itself. `basis` is a code. */
export interface Author {
  readonly person?: string;
  readonly organisation: string;
  readonly role: string;
  readonly basis?: string;
}

/** The platform itself is the author when a deadline passes or a message of another service is handled. */
export const systemAuthor: Author = {
  organisation: '00000000-0000-0000-0000-000000000000',
  role: 'system',
};

/** One event for one audience, as it is sent to Kafka. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly value: Uint8Array;
}

/** Encodes an event as a published message. `key` names the stream; only one aggregate writes to it (design rule 9). */
export const outgoing = <Event extends { readonly $case: string }>(
  topic: Topic<Event>,
  key: string,
  event: Event,
): OutgoingMessage => ({
  topic: topic.name,
  key,
  type: typeOf(topic, event.$case),
  value: topic.encode(event),
});

/** What one change of an aggregate adds to the journal: its events and the messages that it publishes. */
export interface Entry {
  readonly aggregate: string;
  readonly id: string;
  readonly version: number;
  readonly at: Instant;
  readonly author: Author;
  readonly ruleVersion?: string | undefined;
  readonly events: readonly { readonly type: string }[];
  readonly messages: readonly OutgoingMessage[];
  /** The deadline that the change set, if any. */
  readonly timer?:
    | { readonly kind: string; readonly due: Instant; readonly generation: number }
    | undefined;
}

/**
 * Adds an entry to the journal, its messages to the outbox, numbered on their streams, and its deadline to the timers: one statement, in
 * the caller's transaction. Streams are locked in key order, after the aggregate's row (design rule 9).
 */
export async function record(tx: Transaction, entry: Entry): Promise<void> {
  const { events, messages, timer } = entry;
  const { person, organisation, role, basis } = entry.author;
  const none = <T>(list: readonly unknown[], value: T): T[] => list.map(() => value);
  await tx.query({
    name: 'journal-record',
    text: `WITH added AS (
             SELECT * FROM unnest($10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bytea[])
               WITH ORDINALITY AS r (id, type, data, topic, key, value, nth)),
           wanted AS (SELECT topic, key, count(*)::int AS count FROM added WHERE topic IS NOT NULL GROUP BY topic, key ORDER BY topic, key),
           counted AS (
             INSERT INTO stream_numbers AS s (topic, key, last, epoch)
             SELECT w.topic, w.key, w.count, e.number FROM wanted w CROSS JOIN epoch e ORDER BY w.topic, w.key
             ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last, epoch = excluded.epoch,
               after_epoch = CASE WHEN s.epoch < excluded.epoch THEN s.epoch ELSE s.after_epoch END,
               after_last = CASE WHEN s.epoch < excluded.epoch THEN s.last ELSE s.after_last END
             RETURNING topic, key, last, epoch, after_epoch, after_last),
           written AS (
             INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_person, author_organisation, author_role, basis, rule_version, type, data, topic, key, sequence, epoch, after_epoch, after_last, value)
             SELECT r.id, $1, $2, $3, $4, $5, $6, $7, $8, $9, r.type, r.data::jsonb, r.topic, r.key,
               c.last - w.count + row_number() OVER (PARTITION BY r.topic, r.key ORDER BY r.nth), c.epoch,
               coalesce(c.after_epoch, 0), coalesce(c.after_last, 0), r.value
             FROM added r LEFT JOIN wanted w USING (topic, key) LEFT JOIN counted c USING (topic, key)
             ORDER BY r.nth
             RETURNING position, topic),
           sent AS (INSERT INTO outbox (position, aggregate_id, to_topic, trace) SELECT position, $2, topic, $16 FROM written WHERE topic IS NOT NULL)
           INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) SELECT $1, $2, $17, $18, $19 WHERE $17::int IS NOT NULL`,
    values: [
      entry.aggregate,
      entry.id,
      entry.version,
      entry.at,
      person ?? null,
      organisation,
      role,
      basis ?? null,
      entry.ruleVersion ?? null,
      [...events, ...messages].map(() => randomUUID()),
      [...events, ...messages].map(({ type }) => type),
      [...events.map((event) => JSON.stringify(event)), ...none(messages, null)],
      [...none(events, null), ...messages.map(({ topic }) => topic)],
      [...none(events, null), ...messages.map(({ key }) => key)],
      [...none(events, null), ...messages.map(({ value }) => Buffer.from(value))],
      currentTrace() ?? null,
      timer?.generation ?? null,
      timer?.kind ?? null,
      timer?.due ?? null,
    ],
  });
}
