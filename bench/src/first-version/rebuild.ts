import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exit, superviseProcess } from '@opennrm/infra/local';
import type { PrintLine } from '../servers.ts';
import { checkOutFirstVersion, whyNoCheckout } from './checkout.ts';
import { eventsPerSecond } from './events-per-second.ts';

/** Events a second, or the reason why they were not measured. */
export type FirstVersionRate = { readonly perSecond: number } | { readonly reason: string };

/**
 * The part `rebuild` of the bench of 0.1.0, as committed, on this machine. It starts servers of its own with the same settings. It never
 * fails the run: what prevents it is the reason in the report.
 */
export async function rebuildOfFirstVersion(
  quick: boolean,
  printLine: PrintLine,
): Promise<FirstVersionRate> {
  const reason = await whyNoCheckout();
  if (reason !== undefined) return { reason };
  try {
    printLine('The same rebuild with 0.1.0, from a git worktree …');
    const checkout = await checkOutFirstVersion();
    try {
      return { perSecond: await measuredIn(checkout.folder, quick) };
    } finally {
      await checkout.remove();
    }
  } catch (error) {
    const [first, second = ''] = (error as Error).message.split('\n');
    return { reason: `0.1.0 did not run: ${first} ${second}`.trim() };
  }
}

/** Settings with which Kafka is found; every other process of this bench gets them too. */
const PASSED_ON = ['OPENNRM_CACHE', 'JAVA_HOME'];

async function measuredIn(folder: string, quick: boolean): Promise<number> {
  const results = join(folder, '.opennrm', 'bench');
  const args = [
    '--disable-warning=TimeoutNegativeWarning',
    join(folder, 'bench/src/bench.ts'),
    '--only',
    'rebuild',
    '--out',
    results,
  ];
  const exited = Promise.withResolvers<Exit>();
  const bench = await superviseProcess({
    name: 'bench-first-version',
    command: process.execPath,
    args: quick ? [...args, '--quick'] : args,
    env: Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    onExit: exited.resolve,
  });
  const { code, signal } = await exited.promise;
  if (code !== 0)
    throw new Error(`its bench ended (${signal ?? `exit ${code}`}), see ${bench.logFile}`);
  return eventsPerSecond(JSON.parse(await readFile(join(results, 'latest.json'), 'utf8')));
}
