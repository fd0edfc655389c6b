import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { asAdmin } from '@opennrm/infra/local';
import { type Latency, latencyOf } from '../measure/latency.ts';
import { cpuSeconds, machineBusySeconds, type Pids } from '../measure/processes.ts';
import type { PrintLine } from '../servers.ts';
import { isCarried } from './carried.ts';
import type { FromGenerator, Job, LoadResult } from './job.ts';

/** The result of a load, as reported. */
export interface Measured {
  readonly name: string;
  readonly pace: Job['pace'];
  readonly seconds: number;
  readonly begun: number;
  readonly unfinished: number;
  readonly failures: Readonly<Record<string, number>>;
  /** False when the machine does not carry this load (`carried.ts`): it is then compared with no other. */
  readonly carried: boolean;
  /** Of a carried load: confirmations a second in its window. Of another: in its whole run, until the last saga was confirmed. */
  readonly perSecond: number;
  readonly offered: Latency;
  readonly confirmed: Latency;
  /** Processor seconds of each process for a thousand sagas; empty when the load is not carried. */
  readonly cpuPerThousand: Readonly<Record<string, number>>;
  /** Deadlocks: transactions that waited for one another for a second, until PostgreSQL ended one of them. */
  readonly deadlocks: number;
  /** Cores that were busy with something other than this load and this system. Above 0.1 the numbers are not valid. */
  readonly othersCores: number;
  readonly generator: LoadResult['generator'];
}

/** The processes that are measured while a load runs. */
export interface MeasuredProcesses {
  readonly pids: Pids;
  readonly adminUrl: string;
}

const deadlocksOf = (adminUrl: string): Promise<number> =>
  asAdmin(adminUrl, async (admin) => {
    await admin.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await admin.query<{ count: number }>(
      'SELECT sum(deadlocks)::int AS count FROM pg_stat_database',
    );
    return rows[0]?.count ?? 0;
  });

const generator = fileURLToPath(new URL('./generator.ts', import.meta.url));

/** Runs one load in a process of its own, and measures the processes of the system in the window of the load. */
export async function runLoad(
  job: Job,
  { pids, adminUrl }: MeasuredProcesses,
  printLine: PrintLine,
): Promise<Measured> {
  const before = await deadlocksOf(adminUrl);
  const child = fork(generator, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const result = await measured(child, job, pids, printLine);
    return { ...result, deadlocks: (await deadlocksOf(adminUrl)) - before };
  } finally {
    child.kill('SIGKILL');
  }
}

type Counted = Omit<Measured, 'deadlocks'>;

function measured(
  child: ChildProcess,
  job: Job,
  pids: Pids,
  printLine: PrintLine,
): Promise<Counted> {
  let [before, used, sagas, busy] = [cpuSeconds(pids), {} as Record<string, number>, 0, 0];
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.on('message', (message: FromGenerator) => {
      switch (message.kind) {
        case 'progress':
          return printLine(message.line);
        case 'window-begins':
          [before, sagas, busy] = [cpuSeconds(pids), message.finished, machineBusySeconds()];
          return;
        case 'window-ends':
          used = difference(cpuSeconds(pids), before);
          sagas = message.finished - sagas;
          busy = machineBusySeconds() - busy;
          return;
        case 'failed':
          return reject(new Error(`${job.name}: ${message.reason}`));
        case 'done':
          return resolve(measuredOf(job, message.result, used, { sagas, busy }));
      }
    });
    child.send(job);
  });
}

const difference = (
  after: Record<string, number>,
  before: Record<string, number>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]),
  );

function measuredOf(
  job: Job,
  result: LoadResult,
  used: Record<string, number>,
  { sagas, busy }: { readonly sagas: number; readonly busy: number },
): Counted {
  const known = Object.values(used).reduce((a, b) => a + b, 0) + result.generator.cpuSeconds;
  const perThousand = (seconds: number): number =>
    Math.round((seconds / Math.max(1, sagas)) * 1_000 * 100) / 100;
  const carried = isCarried(job.pace, result);
  const perSecond = carried ? result.confirmedInWindow / job.seconds : result.perSecondOfRun;
  return {
    name: job.name,
    pace: job.pace,
    seconds: job.seconds,
    begun: result.begun,
    unfinished: result.unfinished,
    failures: result.failures,
    carried,
    perSecond: Math.round(perSecond * 10) / 10,
    offered: latencyOf(result.offered),
    confirmed: latencyOf(result.confirmed),
    cpuPerThousand: Object.fromEntries(
      carried ? Object.entries(used).map(([name, seconds]) => [name, perThousand(seconds)]) : [],
    ),
    othersCores: Math.max(0, Math.round(((busy - known) / job.seconds) * 100) / 100),
    generator: result.generator,
  };
}
