import type { Desk } from '../desk.ts';
import { rowsOf } from '../rows.ts';

/** How many referrals are where. */
export async function countStages(desk: Desk): Promise<Record<string, number>> {
  const rows = await rowsOf<{ stage: string; count: number }>(
    desk.platform.services.referral,
    'SELECT stage, count(*)::int AS count FROM referral GROUP BY stage ORDER BY count DESC',
  );
  return Object.fromEntries(rows.map((row) => [row.stage, row.count]));
}
