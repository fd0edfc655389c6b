import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Database, Log, Transaction } from '@opennrm/runtime';
import { after, type Instant } from '@opennrm/runtime/decision';

/** A clock of this aggregate fell due: does everything that is due `now`. */
export type OnTimePasses = (tx: Transaction, id: string, now: Instant) => Promise<void>;

export interface TimerSettings {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** By aggregate: the name of its table. */
  readonly fire: Readonly<Record<string, OnTimePasses>>;
}

interface Clocked {
  aggregate: string;
  aggregate_id: string;
  generation: number;
  due: Instant;
}

const AT_ONCE = 100;
const TOGETHER = 4;
const LONGEST_REAL_MS = 250;
const LONGEST_BUSINESS_MS = 60_000;
const LOOK_AGAIN_MS = 60_000;

/** Fires clocks that fell due. Several workers are harmless: the aggregate's row lock decides (design rule 15). */
export function startTimers(settings: TimerSettings): { stop(): Promise<void> } {
  const ending = new AbortController();
  const ended = (async () => {
    while (!ending.signal.aborted) {
      const sleep = await round(settings).catch((error: unknown) => {
        settings.log.warn(
          { error: (error as Error).name, code: (error as { code?: string }).code },
          'clocks could not be read, trying again',
        );
        return LONGEST_REAL_MS;
      });
      if (sleep > 0) await pause(sleep, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** Reads the next clocks without locking, and sees to those that are due, each in a transaction of its own. @returns how long to sleep now. */
async function round(settings: TimerSettings): Promise<number> {
  const { database, clock, log, fire } = settings;
  const { rows } = await database.query<Clocked>({
    name: 'timers-next',
    text: `SELECT aggregate, aggregate_id, generation, due FROM timers WHERE aggregate = ANY ($1) ORDER BY due LIMIT ${AT_ONCE}`,
    values: [Object.keys(fire)],
  });
  const now = clock.now();
  const due = rows.filter((one) => one.due <= now);
  const see = async (next: Clocked): Promise<boolean> => {
    try {
      await database.transaction((tx) => fireOne(tx, next, settings));
      return true;
    } catch (error) {
      log.warn(
        {
          aggregate: next.aggregate,
          id: next.aggregate_id,
          error: (error as Error).name,
          code: (error as { code?: string }).code,
        },
        'a clock could not be seen to, trying again',
      );
      return false;
    }
  };
  let seen = 0;
  // Some at a time, so that they share a wait for the disk: which comes first does not matter, the row of its aggregate decides.
  for (let nth = 0; nth < due.length; nth += TOGETHER) {
    const done = await Promise.all(due.slice(nth, nth + TOGETHER).map(see));
    seen += done.filter(Boolean).length;
  }
  if (seen > 0) return 0;
  const [first] = rows;
  return first && first.due <= now ? LONGEST_REAL_MS : untilNext(clock, first?.due);
}

/** A nearer clock may be set meanwhile, by another process too, and business time may jump: never long. */
function untilNext(clock: Clock, due: Instant | undefined): number {
  const oneLook = clock.realDelayUntil(after(clock.now(), LONGEST_BUSINESS_MS));
  return Math.max(1, Math.min(LONGEST_REAL_MS, oneLook, due ? clock.realDelayUntil(due) : LONGEST_REAL_MS));
}

async function fireOne(tx: Transaction, due: Clocked, { clock, fire, log }: TimerSettings): Promise<void> {
  const { aggregate, aggregate_id: id, generation } = due;
  if ((await generationOf(tx, aggregate, id)) === generation) {
    const now = clock.now();
    await fire[aggregate]?.(tx, id, now);
    if ((await generationOf(tx, aggregate, id)) === generation) {
      // A promise must not be forgotten because nothing came of it: look again, and say that it is odd.
      log.error({ aggregate, id }, 'a clock fell due and nothing changed');
      await tx.query({
        name: 'timer-later',
        text: 'UPDATE timers SET due = $4 WHERE aggregate = $1 AND aggregate_id = $2 AND generation = $3',
        values: [aggregate, id, generation, after(now, LOOK_AGAIN_MS)],
      });
      return;
    }
  }
  await tx.query({
    name: 'timer-drop',
    text: 'DELETE FROM timers WHERE aggregate = $1 AND aggregate_id = $2 AND generation = $3',
    values: [aggregate, id, generation],
  });
}

async function generationOf(tx: Transaction, aggregate: string, id: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ generation: number }>({
    name: `timer-lock-${aggregate}`,
    text: `SELECT generation FROM ${aggregate} WHERE id = $1 FOR UPDATE`,
    values: [id],
  });
  return rows[0]?.generation;
}
