import type { Database, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** One deadline of one aggregate. */
export interface Timer {
  readonly aggregate: string;
  readonly aggregate_id: string;
  readonly generation: number;
  readonly due: Instant;
}

export const UNTRIED_AT_ONCE = 100;
const LATEST_AT_ONCE = 20;
const RETRIES_AT_ONCE = 20;

/** What the loop has to know of all timers. No row is locked. */
export interface NextTimers {
  /** The next timers, by `due`, that never failed, whether due or not. */
  readonly untried: readonly Timer[];
  /**
   * The timers that failed before and may be tried again. Few at a time: however many fail, they take a bounded part of each round.
   */
  readonly retries: readonly Timer[];
  /** The real time until another timer may be tried again. Milliseconds, by the clock of the database. */
  readonly untilRetryMs: number;
}

export async function nextTimers(
  database: Database,
  aggregates: readonly string[],
): Promise<NextTimers> {
  const { rows } = await database.query<Timer & { readonly wait: number | null }>({
    name: 'timers-next',
    text: `(SELECT aggregate, aggregate_id, generation, due, NULL::float8 AS wait FROM timers
            WHERE retry_at IS NULL AND aggregate = ANY ($1) ORDER BY due LIMIT ${UNTRIED_AT_ONCE})
           UNION ALL
           (SELECT aggregate, aggregate_id, generation, due, (extract(epoch FROM retry_at - clock_timestamp()) * 1000)::float8 FROM timers
            WHERE retry_at IS NOT NULL AND aggregate = ANY ($1) ORDER BY retry_at LIMIT ${RETRIES_AT_ONCE})`,
    values: [aggregates],
  });
  const failed = rows.flatMap((row) => (row.wait === null ? [] : { ...row, wait: row.wait }));
  return {
    untried: rows.filter(({ wait }) => wait === null),
    retries: failed.filter(({ wait }) => wait <= 0),
    untilRetryMs: Math.min(...failed.filter(({ wait }) => wait > 0).map(({ wait }) => wait)),
  };
}

/**
 * The timers that became due last and never failed. Read when more timers are due than one page holds, so that a timer that has just
 * become due does not wait behind them.
 */
export async function latestTimers(
  database: Database,
  aggregates: readonly string[],
  now: Instant,
): Promise<Timer[]> {
  const { rows } = await database.query<Timer>({
    name: 'timers-latest',
    text: `SELECT aggregate, aggregate_id, generation, due FROM timers
           WHERE retry_at IS NULL AND due <= $2 AND aggregate = ANY ($1) ORDER BY due DESC LIMIT ${LATEST_AT_ONCE}`,
    values: [aggregates, now],
  });
  return rows;
}

/** Sets a timer of a row that is not an aggregate of the journal. Its table has the columns `id` and `generation`. */
export async function setTimer(
  tx: Transaction,
  timer: {
    readonly aggregate: string;
    readonly id: string;
    readonly generation: number;
    readonly kind: string;
    readonly due: Instant;
  },
): Promise<void> {
  await tx.query({
    name: 'timer-set',
    text: 'INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) VALUES ($1, $2, $3, $4, $5)',
    values: [timer.aggregate, timer.id, timer.generation, timer.kind, timer.due],
  });
}

export async function dropTimer(
  tx: Transaction,
  { aggregate, aggregate_id, generation }: Timer,
): Promise<void> {
  await tx.query({
    name: 'timer-drop',
    text: 'DELETE FROM timers WHERE aggregate = $1 AND aggregate_id = $2 AND generation = $3',
    values: [aggregate, aggregate_id, generation],
  });
}

const FIRST_RETRY_SECONDS = 1;

/**
 * Moves a failed timer to its next try: after one second, then twice as long each time, up to `longestSeconds`. A row that another
 * transaction has locked is not changed: that transaction drops the timer or sets it again. @returns whether it was moved.
 */
export async function retryLater(
  database: Database,
  { aggregate, aggregate_id, generation }: Timer,
  longestSeconds: number,
): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'timer-retry-later',
    text: `UPDATE timers t SET failures = t.failures + 1,
             retry_at = clock_timestamp() + make_interval(secs => least(${FIRST_RETRY_SECONDS} * 2 ^ least(t.failures, 20), $4))
           FROM (SELECT aggregate, aggregate_id, generation FROM timers
                 WHERE aggregate = $1 AND aggregate_id = $2 AND generation = $3 FOR UPDATE SKIP LOCKED) AS one
           WHERE t.aggregate = one.aggregate AND t.aggregate_id = one.aggregate_id AND t.generation = one.generation`,
    values: [aggregate, aggregate_id, generation, longestSeconds],
  });
  return (rowCount ?? 0) > 0;
}
