import { rateText } from '../load/carried.ts';
import type { Pace, Target } from '../load/job.ts';
import { type Measured, runLoad } from '../load/run.ts';
import type { Pids } from '../measure/processes.ts';
import type { BenchOptions } from '../options.ts';
import type { Measurements } from '../report/findings.ts';
import { type BenchServers, type PrintLine, settle } from '../servers.ts';

/** What each part of the bench receives. */
export interface Bench {
  readonly options: BenchOptions;
  readonly servers: BenchServers;
  readonly measurements: Measurements;
  readonly printLine: PrintLine;
}

export const PER_SECOND = 50;
/** Sagas in progress in a flood: enough to keep every step of any system busy, and the same for all. */
export const IN_FLIGHT = 150;

/** Durations of the loads of a run. Seconds. */
export const lengths = ({
  quick,
}: BenchOptions): { readonly first: number; readonly steady: number; readonly flood: number } =>
  quick ? { first: 5, steady: 10, flood: 8 } : { first: 12, steady: 60, flood: 20 };

/** The system to load. `targetFor` prepares what this load needs, and receives the maximum number of sagas. */
export interface UnderLoad {
  /** platform, bare, … */
  readonly name: string;
  readonly pids: Pids;
  targetFor(load: { readonly sagas: number }): Promise<Target & { close?: () => Promise<void> }>;
}

const WARM_SECONDS = 2;
/** More sagas than any system here completes: the number that a flood may use. */
const FLOOD_PER_SECOND = 250;

/**
 * The first load lets code be compiled and tables be filled. Then come the statistics that PostgreSQL would collect. It does not count.
 */
export async function firstLoad(bench: Bench, system: UnderLoad): Promise<void> {
  const { first } = lengths(bench.options);
  await load(
    bench,
    system,
    `${system.name}, first load`,
    { kind: 'flood', inFlight: 20 },
    first,
    100,
  );
  await settle(bench.servers);
}

/** 50 per second, open: requests are sent at fixed times, also when the system is slow. */
export async function loadSteady(
  bench: Bench,
  system: UnderLoad,
  name?: string,
): Promise<Measured> {
  await firstLoad(bench, system);
  const pace: Pace = { kind: 'open', perSecond: PER_SECOND };
  const { steady } = lengths(bench.options);
  const measured = await load(
    bench,
    system,
    name ?? `${system.name}, 50 a second`,
    pace,
    steady,
    PER_SECOND,
  );
  bench.measurements.load(measured);
  return measured;
}

/** As many referrals in progress as any step can use. */
export const flood = (bench: Bench, system: UnderLoad): Promise<Measured> => {
  const pace: Pace = { kind: 'flood', inFlight: IN_FLIGHT };
  return load(
    bench,
    system,
    `${system.name}, flood`,
    pace,
    lengths(bench.options).flood,
    FLOOD_PER_SECOND,
  );
};

/** The same for every system: a first load, then 50 per second, then a flood. Only the last two count. */
export async function loadSteadyAndFlood(bench: Bench, system: UnderLoad): Promise<void> {
  await loadSteady(bench, system);
  bench.measurements.load(await flood(bench, system));
}

/**
 * Half of the rate that the platform reached in its flood, open: the same load for every system. Not run when that rate is not known,
 * because the platform was not measured or its flood was not carried.
 */
export async function loadHalf(bench: Bench, system: UnderLoad): Promise<void> {
  const saturated = bench.measurements.find('platform, flood');
  if (!saturated?.carried) return;
  await settle(bench.servers);
  const perSecond = Math.max(1, Math.round(saturated.perSecond / 2));
  const { steady } = lengths(bench.options);
  const pace: Pace = { kind: 'open', perSecond };
  const name = `${system.name}, half load`;
  bench.measurements.load(await load(bench, system, name, pace, steady, perSecond));
}

async function load(
  bench: Bench,
  system: UnderLoad,
  name: string,
  pace: Pace,
  seconds: number,
  most: number,
): Promise<Measured> {
  const { close, ...target } = await system.targetFor({ sagas: (seconds + WARM_SECONDS) * most });
  const processes = { pids: system.pids, adminUrl: bench.servers.postgres.adminUrl };
  const measured = await runLoad(
    { name, pace, seconds, warmSeconds: WARM_SECONDS, target },
    processes,
    bench.printLine,
  );
  await close?.();
  bench.printLine(summary(measured));
  return measured;
}

const summary = (measured: Measured): string => {
  const { name, offered, confirmed, deadlocks, othersCores } = measured;
  return `${name}: ${rateText(measured)}/s; ${deadlocks} deadlocks; others ${othersCores} cores; offer visible p50 ${offered.p50} p99 ${offered.p99} ms; confirmed p50 ${confirmed.p50} p99 ${confirmed.p99} ms`;
};
