import { idOf } from './ids.ts';
import { oneOf } from './texts.ts';

/** Four of five rows of the journal are published messages, so each topic has more rows than a page may read. The fifth is an event. */
const published = (value: string): string => `CASE WHEN n % 5 <> 1 THEN ${value} END`;
/** The largest number of topics that a service writes and reads. */
const TOPICS = 5;
const topicOf = (asked: readonly string[]): string =>
  oneOf(asked, TOPICS, 'opennrm.writer.reader-');
const manyOfOneKey = `${idOf('CASE WHEN n % 100 = 0 THEN 1 ELSE 1 + n % 50000 END')}::text`;

/**
 * The first key and every second further key, on each topic, so that a check whether a stream is in quarantine matches and also fails to
 * match.
 */
function ofEachSecondKey(topics: number): string {
  const nth = `(1 + (n - 1) / ${Math.max(1, topics)})`;
  return `${idOf(`2 * ${nth} - (${nth} = 1)::int`)}::text`;
}

/**
 * The content of columns in the tables of the packages for which the column type does not suffice.
 * @param asked the texts with which statements compare a column
 */
export const columnsOfPackages = (
  asked: (column: string) => readonly string[],
): Readonly<Record<string, string>> => ({
  // One aggregate has two thousand rows, and one stream too.
  'journal.aggregate_id': idOf('CASE WHEN n % 100 = 1 THEN 1 ELSE 1 + (n - 1) % 50000 END'),
  'journal.data': "CASE WHEN n % 5 = 1 THEN jsonb_build_object('search', n / 100 % 50) END",
  'journal.topic': published(topicOf(asked('topic'))),
  'journal.key': published(manyOfOneKey),
  'journal.sequence': published('n'),
  'journal.epoch': published('1'),
  'journal.value': published("'\\x00'::bytea"),
  'outbox.to_topic': topicOf(asked('to_topic')),
  'outbox.parked': "CASE WHEN n % 1000 = 0 THEN 'refused' END",
  'timers.retry_at': "CASE WHEN n % 100 = 0 THEN now() - interval '1 hour' END",
  // The first rows are open, because specs use their numbers.
  'release_requests.done_at':
    'CASE WHEN n > 50 THEN now() - make_interval(days => CASE WHEN n % 10000 = 0 THEN 40 ELSE 1 END) END',
  'release_requests.skip': 'n % 1000 = 7',
  // One stream has two thousand waiting messages.
  'parked.topic': topicOf(asked('topic')),
  'parked.key': manyOfOneKey,
  'parked.sequence': 'CASE WHEN n % 3 > 0 THEN n END',
  'quarantine.key': ofEachSecondKey(asked('topic').length),
  // Some answers are older than the seven days for which they are kept.
  'answered_commands.answered_at': "now() - n * interval '3.2 seconds'",
  'answered_commands.response': "'\\x00'::bytea",
  'answered_commands.refusal': 'NULL',
});
