import { minutes } from '@opennrm/runtime/decision';
import type { Request } from '../actors/requesters.ts';
import type { Desk } from '../desk.ts';
import { rowsOf } from '../rows.ts';
import type { Finding } from './finding.ts';
import { unseen } from './quiet.ts';

const OVER = ['arrived', 'withdrawn', 'refused', 'ended'];
const LATE_MS = minutes(30);

/** Promise 1: every accepted command survives; every referral has a named state, a next step and a time by which it happens. */
export async function neverLost(desk: Desk, requests: readonly Request[]): Promise<Finding[]> {
  const { services } = desk.platform;
  const rows = await rowsOf<{ id: string; stage: string; next_step: string | null; next_step_by: number | null }>(
    services.referral,
    'SELECT id, stage, next_step, next_step_by::float AS next_step_by FROM referral',
  );
  const known = new Set(rows.map((row) => row.id));
  const due = requests
    .filter((one) => one.need.arrivesAt + LATE_MS < desk.now())
    .filter((one) => !known.has(one.referralId));
  const open = rows.filter((row) => !OVER.includes(row.stage));
  const waiting: string[] = [];
  for (const [name, service] of Object.entries(services)) {
    const [row] = await rowsOf<{ outbox: number; parked: number; quarantine: number }>(
      service,
      'SELECT (SELECT count(*)::int FROM outbox) AS outbox, (SELECT count(*)::int FROM parked) AS parked, (SELECT count(*)::int FROM quarantine) AS quarantine',
    );
    if (row && row.outbox + row.parked + row.quarantine > 0)
      waiting.push(`${name}: ${row.outbox} unsent, ${row.parked} parked, ${row.quarantine} quarantined`);
  }
  const missing = await unseen(desk);
  return [
    {
      says: `each of ${requests.length} requests is a referral in a named state`,
      against: due.map((one) => `request ${one.referralId} is nowhere`),
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
        .filter((row) => row.next_step_by !== null && row.next_step_by + LATE_MS < desk.now())
        .map((row) => `${row.id}: ${row.next_step}`),
    },
    {
      says: 'every message was sent, and seen by its reader up to the last number',
      against: [...waiting, ...(missing > 0 ? [`${missing} messages not seen`] : [])],
    },
  ];
}
