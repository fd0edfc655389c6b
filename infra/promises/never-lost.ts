import { minutes } from '@opennrm/runtime/decision';
import { unseen } from './differences.ts';
import type { Finding } from './finding.ts';
import type { Look } from './look.ts';
import { OVER } from './over.ts';

const LATE_MS = minutes(30);

/**
 * Promise 1: every accepted command survives; every referral has a named state, a next step and a time by which it happens.
 * @param accepted the referrals that somebody was told are taken.
 */
export async function neverLost(look: Look, accepted: readonly string[]): Promise<Finding[]> {
  const rows = await look.rows<{ id: string; stage: string; next_step: string | null; next_step_by: number | null }>(
    'referral',
    'SELECT id, stage, next_step, next_step_by::float AS next_step_by FROM referral',
  );
  const known = new Set(rows.map((row) => row.id));
  const nowhere = accepted.filter((id) => !known.has(id));
  const open = rows.filter((row) => !OVER.includes(row.stage));
  const waiting: string[] = [];
  for (const name of look.services) {
    const [row] = await look.rows<{ outbox: number; parked: number; quarantine: number }>(
      name,
      'SELECT (SELECT count(*)::int FROM outbox) AS outbox, (SELECT count(*)::int FROM parked) AS parked, (SELECT count(*)::int FROM quarantine) AS quarantine',
    );
    if (row && row.outbox + row.parked + row.quarantine > 0)
      waiting.push(`${name}: ${row.outbox} unsent, ${row.parked} parked, ${row.quarantine} quarantined`);
  }
  const missing = await unseen(look);
  return [
    {
      says: `each of ${accepted.length} requests is a referral in a named state`,
      against: nowhere.map((id) => `request ${id} is nowhere`),
    },
    {
      says: `each of ${open.length} open referrals has a next step and a time`,
      against: open
        .filter((row) => row.next_step === null)
        .map((row) => `${row.id} waits in ${row.stage} without a clock`),
    },
    {
      says: 'no next step is overdue by more than half an hour',
      against: open
        .filter((row) => row.next_step_by !== null && row.next_step_by + LATE_MS < look.now())
        .map((row) => `${row.id}: ${row.next_step}`),
    },
    {
      says: 'every message was sent, and seen by its reader up to the last number',
      against: [...waiting, ...(missing > 0 ? [`${missing} messages not seen`] : [])],
    },
  ];
}
