import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';

/** How many referrals are where. */
export async function countStages(simulation: Simulation): Promise<Record<string, number>> {
  const rows = await rowsOf<{ stage: string; count: number }>(
    simulation.platform.service('referral'),
    'SELECT stage, count(*)::int AS count FROM referral GROUP BY stage ORDER BY count DESC',
  );
  return Object.fromEntries(rows.map((row) => [row.stage, row.count]));
}
