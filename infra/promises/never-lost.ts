import { minutes } from '@opennrm/runtime/decision';
import type { DatabaseReader } from './database-reader.ts';
import { FINAL_STAGES } from './final-stages.ts';
import type { Finding } from './finding.ts';
import { countUnreceived } from './stream-differences.ts';

const LATE_MS = minutes(30);

/**
 * Promise 1: every accepted command survives; every referral has a named state, a next step and a deadline.
 * @param accepted the referrals whose request was answered OK.
 */
export async function neverLost(
  reader: DatabaseReader,
  accepted: readonly string[],
): Promise<Finding[]> {
  const rows = await reader.rows<{
    id: string;
    stage: string;
    next_step: string | null;
    next_step_by: number | null;
  }>('referral', 'SELECT id, stage, next_step, next_step_by::float AS next_step_by FROM referral');
  const known = new Set(rows.map((row) => row.id));
  const nowhere = accepted.filter((id) => !known.has(id));
  const open = rows.filter((row) => !FINAL_STAGES.includes(row.stage));
  const waiting: string[] = [];
  for (const name of reader.services) {
    const [row] = await reader.rows<{ outbox: number; parked: number; quarantine: number }>(
      name,
      'SELECT (SELECT count(*)::int FROM outbox) AS outbox, (SELECT count(*)::int FROM parked) AS parked, (SELECT count(*)::int FROM quarantine) AS quarantine',
    );
    if (row && row.outbox + row.parked + row.quarantine > 0)
      waiting.push(
        `${name}: ${row.outbox} unsent, ${row.parked} parked, ${row.quarantine} quarantined`,
      );
  }
  const missing = await countUnreceived(reader);
  return [
    {
      statement: `each of ${accepted.length} requests is a referral in a named state`,
      violations: nowhere.map((id) => `request ${id} has no referral`),
    },
    {
      statement: `each of ${open.length} open referrals has a next step and a time`,
      violations: open
        .filter((row) => row.next_step === null)
        .map((row) => `${row.id} waits in ${row.stage} without a deadline`),
    },
    {
      statement: 'no next step is overdue by more than half an hour',
      violations: open
        .filter((row) => row.next_step_by !== null && row.next_step_by + LATE_MS < reader.now())
        .map((row) => `${row.id}: ${row.next_step}`),
    },
    {
      statement: 'every message was sent, and seen by its reader up to the last number',
      violations: [...waiting, ...(missing > 0 ? [`${missing} messages not received`] : [])],
    },
  ];
}
