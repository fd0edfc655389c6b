/**
 * `npm run bench`: how fast this is, beside the limits of the same machine and beside others, in one run. Prints a table, writes
 * `bench/results`. Ends by itself and leaves nothing running.
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { commandLine } from '@opennrm/infra/cli';
import type { Shape } from './bare/shape.ts';
import { startGround } from './ground.ts';
import { HELP, type Part, readOptions } from './options.ts';
import { measureArrivals } from './parts/arrivals.ts';
import { measureBare, shapeOfAShortRoad } from './parts/bare.ts';
import { measureClocks } from './parts/clocks.ts';
import { measureConsent } from './parts/consent.ts';
import { measureGrowth } from './parts/growth.ts';
import type { Bench } from './parts/part.ts';
import { measurePeers } from './parts/peers.ts';
import { profileRoad } from './parts/profile.ts';
import { measureRace } from './parts/race.ts';
import { measureRebuild } from './parts/rebuild.ts';
import { measureRelay } from './parts/relay.ts';
import { measureRoad } from './parts/road.ts';
import { measureStart } from './parts/start.ts';
import { measureWakes } from './parts/wakes.ts';
import { compare } from './report/aims.ts';
import { Findings, isMet } from './report/findings.ts';
import { type Profile, reportOf, writeReport } from './report/report.ts';

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`);
const loadBefore = loadavg()[0] ?? 0;
const options = commandLine(HELP, readOptions);
const findings = new Findings();
const profiles: Profile[] = [];
const wants = (part: Part): boolean => options.only.includes(part);

let shape: Shape | undefined;
const onOneGround: Readonly<Partial<Record<Part, (bench: Bench) => Promise<void>>>> = {
  road: async (bench) => {
    shape = await measureRoad(bench);
  },
  bare: async (bench) => measureBare(bench, shape ?? (await shapeOfAShortRoad(bench))),
  peers: measurePeers,
  race: measureRace,
  relay: measureRelay,
  rebuild: measureRebuild,
  clocks: measureClocks,
  arrivals: measureArrivals,
  consent: measureConsent,
  wakes: measureWakes,
};

if (wants('start')) await measureStart(findings, say);
const together = options.only.flatMap((part) => onOneGround[part] ?? []);
if (together.length > 0) {
  const ground = await startGround(say);
  const bench: Bench = { options, ground, findings, say };
  try {
    for (const measure of together) await measure(bench);
    compare(findings);
    const missed = findings.list.some((one) => (one.part === 'road' || one.part === 'bare') && isMet(one) === false);
    if (missed || options.profile) profiles.push(...(await profileRoad(bench)));
  } finally {
    await ground.stop();
  }
}
if (wants('growth')) await measureGrowth({ options, findings, say });

const directory = options.out ?? fileURLToPath(new URL('../results', import.meta.url));
const text = await writeReport(reportOf(findings, options.quick, loadBefore, profiles), directory);
process.stdout.write(`\n${text}\nWritten to ${directory}\n`);
process.exit(0);
