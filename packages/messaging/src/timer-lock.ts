import { clocksAgree, type Transaction } from '@opennrm/runtime';
import type { Timer } from './timer-rows.ts';

/** The longest wait of a firing timer for a row that another transaction has locked. */
const LOCK_TIMEOUT_MS = 500;

/** The wall clock has differed from the database's since the last comparison. */
export class ClockDisagrees extends Error {
  override readonly name = 'ClockDisagrees';
}

/** Another transaction is changing the aggregate. The code is that of PostgreSQL for `lock_not_available`. */
class AggregateLocked extends Error {
  override readonly name = 'AggregateLocked';
  readonly code = '55P03';
}

/**
 * Locks the aggregate's row before the timer's own (design rule 9), skips a row that is locked, and limits every later wait of this
 * transaction. The same statement compares the clocks, so a deadline is judged by a clock that agreed at that moment.
 * @returns the generation of the aggregate; undefined when there is no such aggregate.
 * @throws AggregateLocked, ClockDisagrees
 */
export async function lockAggregate(
  tx: Transaction,
  { aggregate, aggregate_id: id }: Timer,
): Promise<number | undefined> {
  const asked = Date.now();
  const { rows } = await tx.query<{ generation: number; wall: number }>({
    name: `timer-lock-${aggregate}`,
    text: `SELECT generation, set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true),
             (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS wall
           FROM ${aggregate} WHERE id = $1 FOR UPDATE SKIP LOCKED`,
    values: [id],
  });
  const [found] = rows;
  if (found && !clocksAgree(asked, found.wall, Date.now())) throw new ClockDisagrees();
  if (found) return found.generation;
  const { rowCount } = await tx.query({
    name: `timer-exists-${aggregate}`,
    text: `SELECT 1 FROM ${aggregate} WHERE id = $1`,
    values: [id],
  });
  if (rowCount) throw new AggregateLocked();
  return undefined;
}
