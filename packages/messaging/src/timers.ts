import { setTimeout as pause } from 'node:timers/promises';
import {
  type Clock,
  type Database,
  faultOf,
  type Log,
  type Part,
  type Transaction,
} from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { lockedGeneration } from './aggregate.ts';
import { ClockDisagrees, lockAggregate } from './timer-lock.ts';
import { type NextLook, untilNextLook } from './timer-looks.ts';
import {
  dropTimer,
  latestTimers,
  nextTimers,
  retryLater,
  type Timer,
  UNTRIED_AT_ONCE,
} from './timer-rows.ts';
import { wakeablePause } from './wakeable-pause.ts';

/** Called when a deadline of an aggregate has passed. Does everything that is due `now`. */
export type OnDeadline = (tx: Transaction, id: string, now: Instant) => Promise<void>;

export interface TimerSettings {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly part?: Part;
  /** Whether the wall clock of this process agrees with the database's. While it does not, nothing fires here (design rule 17). */
  readonly clockAgrees: () => boolean;
  /** The handler of each aggregate, by the name of its table. */
  readonly fire: Readonly<Record<string, OnDeadline>>;
  /** How often the timers are read to find those that other replicas set. Milliseconds of real time. */
  readonly pollMs?: number;
}

export interface Timers {
  /** Announces that a timer may have been set. Called after each commit of this process. */
  wake(): void;
  stop(): Promise<void>;
}

const WORKERS = 4;
const POLL_MS = 1_000;
/** A due timer that could not be handled, and a database that does not answer, are tried again after this time. */
const TRY_AGAIN_MS = 250;
/** A transient fault (a lock, a connection) is retried soon. A fault of the deadline itself needs an operator or a new version. */
const LONGEST_RETRY_SECONDS = { transient: 10, permanent: 300 };

/** Fires timers that are due. Several workers are safe, because the lock on the aggregate's row decides (design rule 15). */
export function startTimers(settings: TimerSettings): Timers {
  const { clock, log } = settings;
  const ending = new AbortController();
  const wakes = wakeablePause(ending.signal);
  const pauseUnlessEnding = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
  const waitForNextLook = async (lookedAt: number, next: NextLook): Promise<void> => {
    let isWoken = false;
    while (!ending.signal.aborted) {
      const left = untilNextLook(next, clock, performance.now() - lookedAt, isWoken);
      if (left <= 0) return;
      if (isWoken) await pauseUnlessEnding(left);
      else isWoken = await wakes.wait(left);
    }
  };
  const ended = (async () => {
    while (!ending.signal.aborted) {
      wakes.forgetWakes();
      const lookedAt = performance.now();
      const next = await runRound(settings).catch((error: unknown): NextLook => {
        log.warn(factsOf(error), 'timers could not be read, trying again');
        return { withinMs: TRY_AGAIN_MS };
      });
      await waitForNextLook(lookedAt, next);
    }
  })();
  return {
    wake: wakes.wake,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** Fires each due timer in its own transaction, or moves it to its next try. @returns when the timers are to be read again. */
async function runRound(settings: TimerSettings): Promise<NextLook> {
  const { database, clock, fire, clockAgrees, part } = settings;
  if (!clockAgrees()) {
    part?.moved(); // the alarm of the clock reports why nothing fires
    return { withinMs: TRY_AGAIN_MS };
  }
  const aggregates = Object.keys(fire);
  const { untried, retries, untilRetryMs } = await nextTimers(database, aggregates);
  part?.moved();
  const now = clock.now();
  const due = untried.filter((one) => one.due <= now);
  const latest =
    due.length === UNTRIED_AT_ONCE ? await latestTimers(database, aggregates, now) : [];
  const queue = latest.filter((one) => !due.some(isSame(one))).concat(due, retries);
  const isAnyDue = queue.length > 0;
  let handled = 0;
  // Several at a time, so that they share a wait for the disk. The order does not matter: the row of the aggregate decides.
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (!(await fireOrReschedule(next, settings))) continue;
      handled++;
      part?.moved();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  if (handled > 0) return { withinMs: 0 };
  if (isAnyDue) return { withinMs: TRY_AGAIN_MS };
  const withinMs = Math.min(settings.pollMs ?? POLL_MS, untilRetryMs);
  return { withinMs, readAt: now, due: untried[0]?.due };
}

const isSame =
  (one: Timer) =>
  ({ aggregate, aggregate_id, generation }: Timer): boolean =>
    one.aggregate === aggregate &&
    one.aggregate_id === aggregate_id &&
    one.generation === generation;

/** @returns false when neither the timer nor its next try could be written, because the database is away or this clock is wrong. */
async function fireOrReschedule(timer: Timer, settings: TimerSettings): Promise<boolean> {
  const { database, log } = settings;
  try {
    await database.transaction((tx) => fireOne(tx, timer, settings));
    return true;
  } catch (error) {
    if (error instanceof ClockDisagrees) return false;
    const facts = { aggregate: timer.aggregate, id: timer.aggregate_id, ...factsOf(error) };
    log.warn(facts, 'a deadline could not be handled, trying again');
    const longest =
      faultOf(error) === 'transient'
        ? LONGEST_RETRY_SECONDS.transient
        : LONGEST_RETRY_SECONDS.permanent;
    return retryLater(database, timer, longest).catch(() => false);
  }
}

const factsOf = (error: unknown) => ({
  error: (error as Error).name,
  code: (error as { code?: string }).code,
});

async function fireOne(
  tx: Transaction,
  timer: Timer,
  { clock, fire }: TimerSettings,
): Promise<void> {
  const { aggregate, aggregate_id: id, generation } = timer;
  if ((await lockAggregate(tx, timer)) === generation) {
    await fire[aggregate]?.(tx, id, clock.now());
    const after = lockedGeneration(tx, aggregate, id) ?? (await lockAggregate(tx, timer));
    // A deadline must not be dropped when its handler had no effect: it fails and is tried again.
    if (after === generation) throw new NothingChanged();
  }
  await dropTimer(tx, timer);
}

/** A deadline passed, its handler ran, and the aggregate still has the same deadline. */
class NothingChanged extends Error {
  override readonly name = 'NothingChanged';
}
