import { randomUUID } from 'node:crypto';
import { currentTrace, type Transaction, type WriteSet } from '@opennrm/runtime';
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

/** One row of the journal: an event of an entry, or a message that it publishes. */
interface Row {
  readonly entry: Entry;
  readonly type: string;
  readonly data: string | null;
  readonly message: OutgoingMessage | undefined;
}

/** The messages of one stream that are recorded together. */
interface Stream {
  readonly topic: string;
  readonly key: string;
  /** The rows of its messages, in their order. */
  readonly rows: Row[];
}

/**
 * Adds entries to the journal, their messages to the outbox, numbered on their streams, and their deadlines to the timers: one statement for
 * all entries of a transaction. Streams are locked in the order of topic and key, after the rows of the aggregates (design rule 9).
 */
const JOURNAL: WriteSet<Entry> = {
  name: 'journal-record',
  text: `WITH counted AS (
           INSERT INTO stream_numbers AS s (topic, key, last, epoch)
           SELECT w.topic, w.key, w.count, e.number
           FROM unnest($1::text[], $2::text[], $3::int[]) AS w (topic, key, count) CROSS JOIN epoch e ORDER BY w.topic, w.key
           ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last, epoch = excluded.epoch,
             after_epoch = CASE WHEN s.epoch < excluded.epoch THEN s.epoch ELSE s.after_epoch END,
             after_last = CASE WHEN s.epoch < excluded.epoch THEN s.last ELSE s.after_last END
           RETURNING topic, key, last, epoch, after_epoch, after_last),
         written AS (
           INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_person, author_organisation, author_role, basis, rule_version, type, data, topic, key, sequence, epoch, after_epoch, after_last, value)
           SELECT r.id, r.aggregate, r.aggregate_id, r.version, r.at, r.person, r.organisation, r.role, r.basis, r.rule_version, r.type, r.data::jsonb, r.topic, r.key,
             c.last - r.before_last, c.epoch, coalesce(c.after_epoch, 0), coalesce(c.after_last, 0), r.value
           FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::bigint[], $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[],
                       $14::text[], $15::text[], $16::text[], $17::text[], $18::int[], $19::bytea[])
             WITH ORDINALITY AS r (id, aggregate, aggregate_id, version, at, person, organisation, role, basis, rule_version,
                                   type, data, topic, key, before_last, value, nth)
             LEFT JOIN counted c USING (topic, key)
           ORDER BY r.nth
           RETURNING position, aggregate_id, topic),
         sent AS (
           INSERT INTO outbox (position, aggregate_id, to_topic, trace) SELECT position, aggregate_id, topic, $20 FROM written WHERE topic IS NOT NULL)
         INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
         SELECT * FROM unnest($21::text[], $22::uuid[], $23::int[], $24::text[], $25::bigint[])`,
  values(entries) {
    const rows = entries.flatMap(rowsOf);
    const streams = streamsOf(rows);
    const timed = entries.flatMap(({ aggregate, id, timer }) =>
      timer ? { aggregate, id, ...timer } : [],
    );
    return [
      streams.map(({ topic }) => topic),
      streams.map(({ key }) => key),
      streams.map((stream) => stream.rows.length),
      rows.map(() => randomUUID()),
      rows.map(({ entry }) => entry.aggregate),
      rows.map(({ entry }) => entry.id),
      rows.map(({ entry }) => entry.version),
      rows.map(({ entry }) => entry.at),
      rows.map(({ entry }) => entry.author.person ?? null),
      rows.map(({ entry }) => entry.author.organisation),
      rows.map(({ entry }) => entry.author.role),
      rows.map(({ entry }) => entry.author.basis ?? null),
      rows.map(({ entry }) => entry.ruleVersion ?? null),
      rows.map(({ type }) => type),
      rows.map(({ data }) => data),
      rows.map(({ message }) => message?.topic ?? null),
      rows.map(({ message }) => message?.key ?? null),
      messagesAfterEach(rows, streams),
      rows.map(({ message }) => (message ? Buffer.from(message.value) : null)),
      currentTrace() ?? null,
      timed.map(({ aggregate }) => aggregate),
      timed.map(({ id }) => id),
      timed.map(({ generation }) => generation),
      timed.map(({ kind }) => kind),
      timed.map(({ due }) => due),
    ];
  },
};

const rowsOf = (entry: Entry): Row[] => [
  ...entry.events.map((event) => ({
    entry,
    type: event.type,
    data: JSON.stringify(event),
    message: undefined,
  })),
  ...entry.messages.map((message) => ({ entry, type: message.type, data: null, message })),
];

function streamsOf(rows: readonly Row[]): Stream[] {
  const streams = new Map<string, Stream>();
  for (const row of rows) {
    if (!row.message) continue;
    const { topic, key } = row.message;
    const stream = streams.get(`${topic} ${key}`) ?? { topic, key, rows: [] };
    stream.rows.push(row);
    streams.set(`${topic} ${key}`, stream);
  }
  return [...streams.values()];
}

/** For each message, how many messages of its stream follow it here. The last of them gets the last number of the stream. */
function messagesAfterEach(rows: readonly Row[], streams: readonly Stream[]): (number | null)[] {
  const after = new Map<Row, number>();
  for (const stream of streams)
    for (const [nth, row] of stream.rows.entries()) after.set(row, stream.rows.length - 1 - nth);
  return rows.map((row) => after.get(row) ?? null);
}

/** Adds an entry to the journal, with all others of the transaction. */
export const record = (tx: Transaction, entry: Entry): void => tx.write(JOURNAL, entry);
