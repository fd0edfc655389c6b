/**
 * `npm run bench` measures the speed of the platform, of the same machine without it, and of other systems, in one run. It prints a
 * table, writes `bench/results`, ends by itself and leaves no process running.
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { commandLine } from '@opennrm/infra/cli';
import type { Shape } from './bare/shape.ts';
import { HELP, type Part, readOptions } from './options.ts';
import { measureArrivals } from './parts/arrivals.ts';
import { measureBare, shapeOfShortRun } from './parts/bare.ts';
import { measureConsent } from './parts/consent.ts';
import { measureDeadlines } from './parts/deadlines.ts';
import { measureGrowth } from './parts/growth.ts';
import type { Bench } from './parts/part.ts';
import { measurePeers, measureRestate } from './parts/peers.ts';
import { profileReferrals } from './parts/profile.ts';
import { measureRace } from './parts/race.ts';
import { measureRebuild } from './parts/rebuild.ts';
import { measureReferrals } from './parts/referrals.ts';
import { measureRelay } from './parts/relay.ts';
import { measureStart } from './parts/start.ts';
import { measureWakes } from './parts/wakes.ts';
import { compare } from './report/aims.ts';
import { isMet, Measurements } from './report/findings.ts';
import { type Profile, reportOf } from './report/report.ts';
import { writeReport } from './report/write-report.ts';
import { startServers } from './servers.ts';

const began = Date.now();
const printLine = (line: string): void =>
  void process.stdout.write(
    `[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`,
  );
const loadBefore = loadavg()[0] ?? 0;
const options = commandLine(HELP, readOptions);
const measurements = new Measurements();
const profiles: Profile[] = [];
const wants = (part: Part): boolean => options.only.includes(part);

let shape: Shape | undefined;
const onSharedServers: Readonly<Partial<Record<Part, (bench: Bench) => Promise<void>>>> = {
  referrals: async (bench) => {
    shape = await measureReferrals(bench);
  },
  bare: async (bench) => measureBare(bench, shape ?? (await shapeOfShortRun(bench))),
  peers: measurePeers,
  restate: measureRestate,
  race: measureRace,
  relay: measureRelay,
  rebuild: measureRebuild,
  deadlines: measureDeadlines,
  arrivals: measureArrivals,
  consent: measureConsent,
  wakes: measureWakes,
};

if (wants('start')) await measureStart(measurements, printLine);
const together = options.only.flatMap((part) => onSharedServers[part] ?? []);
if (together.length > 0) {
  const servers = await startServers(printLine);
  const bench: Bench = { options, servers, measurements, printLine };
  try {
    for (const measure of together) await measure(bench);
    compare(measurements);
    const missed = measurements.list.some(
      (one) => (one.part === 'referrals' || one.part === 'bare') && isMet(one) === false,
    );
    if (missed || options.profile) profiles.push(...(await profileReferrals(bench)));
  } finally {
    await servers.stop();
  }
}
if (wants('growth')) await measureGrowth({ options, measurements, printLine });

const directory = options.out ?? fileURLToPath(new URL('../results', import.meta.url));
const text = await writeReport(
  reportOf(measurements, options.quick, loadBefore, profiles),
  directory,
);
process.stdout.write(`\n${text}\nWritten to ${directory}\n`);
process.exit(0);
