import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/**
 * The day on which a child is eighteen. It tells a birth date, so it stands here and in the timer alone, and in no journal; its row goes when the
 * file goes.
 */
export interface ComingOfAge {
  readonly eighteenAt: Instant;
  /** How many of the country's warnings were given. */
  readonly warned: number;
}

const AGGREGATE = 'coming_of_age';

/** Locks the row. */
export async function findComingOfAge(
  tx: Transaction,
  caseId: string,
): Promise<ComingOfAge | undefined> {
  const { rows } = await tx.query<{ eighteen_at: Instant; warned: number }>({
    name: 'coming-of-age-find',
    text: 'SELECT eighteen_at, warned FROM coming_of_age WHERE id = $1 FOR UPDATE',
    values: [caseId],
  });
  return rows[0] && { eighteenAt: rows[0].eighteen_at, warned: rows[0].warned };
}

/** Keeps the day, and sets its next clock; without one the day is over. Generations begin with the second, so that a forgotten day's clock is never this one's. */
export async function keepComingOfAge(
  tx: Transaction,
  caseId: string,
  { eighteenAt, warned }: ComingOfAge,
  next: Instant | undefined,
): Promise<void> {
  await tx.query({
    name: 'coming-of-age-keep',
    text: `WITH kept AS (
             INSERT INTO coming_of_age AS c (id, generation, eighteen_at, warned) VALUES ($1, extract(epoch FROM clock_timestamp())::int, $2, $3)
             ON CONFLICT (id) DO UPDATE SET generation = c.generation + 1, eighteen_at = excluded.eighteen_at, warned = excluded.warned
             RETURNING generation)
           INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
           SELECT '${AGGREGATE}', $1, generation, 'coming-of-age', $4::bigint FROM kept WHERE $4::bigint IS NOT NULL`,
    values: [caseId, eighteenAt, warned, next ?? null],
  });
}

/** The age is settled: the day is deleted. */
export const deleteComingOfAge = (tx: Transaction, caseId: string) =>
  tx.query({
    name: 'coming-of-age-delete',
    text: 'DELETE FROM coming_of_age WHERE id = $1',
    values: [caseId],
  });
