import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';

/** How many referrals of one urgency were in one state at an instant. */
export interface Sample {
  readonly at: number;
  readonly urgency: number;
  readonly stage: string;
  readonly count: number;
}

/** Counts by codes. No column about a person is read. */
export const SAMPLE_SQL =
  'SELECT urgency, stage, count(*)::int AS count FROM referral GROUP BY urgency, stage';

/** Reads where all referrals are now, in business time. */
export async function takeSample(simulation: Simulation): Promise<Sample[]> {
  const at = simulation.now();
  const rows = await rowsOf<Omit<Sample, 'at'>>(
    simulation.platform.service('referral'),
    SAMPLE_SQL,
  );
  return rows.map(({ urgency, stage, count }) => ({ at, urgency, stage, count }));
}
