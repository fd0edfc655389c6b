/**
 * Generates the load in a process of its own, so that its use of the machine is not counted as the platform's. The parent process sends
 * one job.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { FromGenerator, Job, LoadResult } from './job.ts';
import { observe } from './observer.ts';
import { Sagas } from './sagas.ts';
import { systemOf } from './system-of.ts';

const GIVE_UP_MS = 60_000;
const PROGRESS_MS = 4_000;
const SAMPLE_MS = 100;

const sendToParent = (what: FromGenerator): Promise<void> =>
  new Promise((resolve) => (process.send ? process.send(what, () => resolve()) : resolve()));

process.once('message', (job: Job) => {
  run(job)
    .then((result) => sendToParent({ kind: 'done', result }))
    .catch((error: Error) => sendToParent({ kind: 'failed', reason: error.message }))
    .finally(() => process.disconnect());
});

async function run(job: Job): Promise<LoadResult> {
  const system = await systemOf(job);
  const sagas = new Sagas(system);
  const observer = await observe(job.target, sagas);
  const delay = monitorEventLoopDelay({ resolution: 2 });
  const start = performance.now();
  const [from, until] = [
    start + job.warmSeconds * 1_000,
    start + (job.warmSeconds + job.seconds) * 1_000,
  ];
  const telling = setInterval(() => {
    const line = `${job.name}: ${sagas.finished} confirmed, ${sagas.inFlight} on their way`;
    void sendToParent({ kind: 'progress', line });
  }, PROGRESS_MS);
  const loading = load(job, sagas, start, until);
  await pause(from - performance.now());
  delay.enable();
  const cpu = process.cpuUsage();
  void sendToParent({ kind: 'window-begins', finished: sagas.finished });
  const onTheirWay: number[] = [];
  const sampling = setInterval(() => onTheirWay.push(sagas.inFlight), SAMPLE_MS);
  await loading;
  clearInterval(sampling);
  void sendToParent({ kind: 'window-ends', finished: sagas.finished });
  const used = process.cpuUsage(cpu);
  delay.disable();
  while (sagas.inFlight > 0 && performance.now() < until + GIVE_UP_MS) await pause(20);
  clearInterval(telling);
  await observer.stop();
  system.close();
  const generator = {
    cpuSeconds: (used.user + used.system) / 1e6,
    late99: delay.percentile(99) / 1e6,
  };
  return { ...resultOf(sagas, { start, from, until }), onTheirWay, generator };
}

async function load({ pace }: Job, sagas: Sagas, start: number, until: number): Promise<void> {
  let begun = 0;
  while (performance.now() < until) {
    const now = performance.now();
    if (pace.kind === 'flood') while (sagas.inFlight < pace.inFlight) sagas.begin(now);
    else
      for (let due = start + (begun * 1_000) / pace.perSecond; due <= now; begun++) {
        sagas.begin(due);
        due = start + ((begun + 1) * 1_000) / pace.perSecond;
      }
    await pause(1);
  }
}

/** The rate of the whole run, from its start, with the requests before the window. */
function perSecondOf({ finished, lastConfirmedAt }: Sagas, start: number): number {
  return lastConfirmedAt === undefined ? 0 : finished / ((lastConfirmedAt - start) / 1_000);
}

function resultOf(
  sagas: Sagas,
  { start, from, until }: { readonly start: number; readonly from: number; readonly until: number },
): Omit<LoadResult, 'generator' | 'onTheirWay'> {
  const begun = sagas.begunIn(from, until);
  const finished = begun.filter(({ confirmedAt }) => confirmedAt !== undefined);
  return {
    begun: begun.length,
    finished: finished.length,
    unfinished: begun.length - finished.length,
    failures: sagas.failures,
    offered: begun.flatMap(({ intended, offeredAt }) =>
      offeredAt === undefined ? [] : [offeredAt - intended],
    ),
    confirmed: finished.map(({ offeredAt = 0, confirmedAt = 0 }) => confirmedAt - offeredAt),
    confirmedInWindow: sagas.finishedIn(from, until),
    perSecondOfRun: perSecondOf(sagas, start),
  };
}
