import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/**
 * The eighteenth birthday of a child. It reveals the birth date, so it is only in this table and in the timer, never in a journal. The row is deleted
 * on that day, or when the person is determined to be an adult.
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

/** Stores the day and sets its next timer, if any. A new row's generation begins at the current second, so that a timer of a deleted row never matches it. */
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

/** Deletes the day when it has come or the age is settled. */
export const deleteComingOfAge = (tx: Transaction, caseId: string) =>
  tx.query({
    name: 'coming-of-age-delete',
    text: 'DELETE FROM coming_of_age WHERE id = $1',
    values: [caseId],
  });
