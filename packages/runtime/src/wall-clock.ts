import { setTimeout as pause } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from './clock.ts';
import type { Instant } from './decision.ts';
import type { Log } from './log.ts';
import type { Part } from './parts.ts';
import type { Database } from './postgres.ts';

/** The largest difference at which two wall clocks agree (design rule 17). */
const AGREES_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 1_000;

export interface ClockState {
  /** Also false until the database has answered for the first time. */
  readonly agrees: boolean;
  /** The wall clock of this process minus the database's; undefined until the database has answered. */
  readonly offsetSeconds: number | undefined;
}

/**
 * Whether the wall clock of this process agrees with the database's. Several processes judge deadlines, so they must use the same time.
 */
export interface WallClock {
  state(): ClockState;
  stop(): Promise<void>;
}

/**
 * The smallest possible difference between this clock and the database's, which read `databaseTime` between `askedAt` and `answered`.
 * Milliseconds. The answer may have taken long, which is not a fault of the clock.
 */
export function leastOffset(askedAt: number, databaseTime: number, answered: number): number {
  if (databaseTime < askedAt) return askedAt - databaseTime;
  return databaseTime > answered ? answered - databaseTime : 0;
}

/** Whether this clock, read at `askedAt` and `answered`, agrees with `databaseTime`, which was read in between. */
export const clocksAgree = (askedAt: number, databaseTime: number, answered: number): boolean =>
  Math.abs(leastOffset(askedAt, databaseTime, answered)) <= AGREES_WITHIN_MS;

/**
 * The business time when the wall clock of this process agrees with the database's; otherwise undefined. The time is read first: the
 * comparison detects a jump before it, and a later jump does not change it.
 */
export async function agreedNow(
  clock: Pick<Clock, 'now'>,
  database: Pick<Database, 'wallClock'>,
): Promise<Instant | undefined> {
  const now = clock.now();
  const askedAt = Date.now();
  const databaseTime = await database.wallClock();
  return clocksAgree(askedAt, databaseTime, Date.now()) ? now : undefined;
}

/** Reads the wall clock of the database every second. An answer also counts as a move of `part`. */
export function watchWallClock(settings: {
  readonly database: Pick<Database, 'wallClock'>;
  readonly part: Part;
  readonly metrics: Registry;
  readonly log: Log;
}): WallClock {
  const { database, part, metrics, log } = settings;
  const ending = new AbortController();
  let offset: number | undefined;
  const agrees = (): boolean => offset !== undefined && Math.abs(offset) <= AGREES_WITHIN_MS;
  new Gauge({
    name: 'opennrm_clock_offset_seconds',
    help: "How far the wall clock of this process is from its database's, at least",
    registers: [metrics],
    collect() {
      this.set(Math.abs(offset ?? 0) / 1_000);
    },
  });
  const ask = async (): Promise<void> => {
    const askedAt = Date.now();
    const databaseTime = await database.wallClock();
    const before = offset === undefined || agrees();
    offset = leastOffset(askedAt, databaseTime, Date.now());
    part.moved();
    if (before !== agrees())
      log.error({ offsetMs: offset, agrees: agrees() }, 'the wall clock and the database clock');
  };
  const ended = (async () => {
    while (!ending.signal.aborted) {
      await ask().catch(() => undefined);
      await pause(ASK_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    state: () => ({
      agrees: agrees(),
      offsetSeconds: offset === undefined ? undefined : offset / 1_000,
    }),
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
