import { idOf } from './ids.ts';

/** Half of the journal was published. */
const published = (value: string): string => `CASE WHEN n % 2 = 0 THEN ${value} END`;
/** Five topics, as many as a service writes and reads at most. */
const TOPIC = "'opennrm.writer.reader-' || n % 5 || '.v1'";

/** What stands in the tables of the packages where the type of a column alone does not say it. */
export const columnsOfPackages: Readonly<Record<string, string>> = {
  // One aggregate has two thousand rows.
  'journal.aggregate_id': idOf('CASE WHEN n % 100 = 1 THEN 1 ELSE 1 + (n - 1) % 50000 END'),
  'journal.data': "CASE WHEN n % 2 = 1 THEN jsonb_build_object('search', n % 100) END",
  'journal.topic': published(TOPIC),
  'journal.key': published(`${idOf('1 + n % 50000')}::text`),
  'journal.sequence': published('n'),
  'journal.epoch': published('1'),
  'journal.value': published("'\\x00'::bytea"),
  'outbox.to_topic': TOPIC,
  'outbox.parked': "CASE WHEN n % 1000 = 0 THEN 'refused' END",
  'timers.retry_at': "CASE WHEN n % 100 = 0 THEN now() - interval '1 hour' END",
  'release_requests.done_at': 'CASE WHEN n % 1000 > 0 THEN now() END',
  'answered_commands.response': "'\\x00'::bytea",
  'answered_commands.refusal': 'NULL',
};
