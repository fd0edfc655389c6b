/**
 * `npm run chaos -- --minutes N --seed S`: the demo's synthetic people, on three brokers and two replicas of each service, while random processes
 * are killed and frozen and connections are cut. At the end everything recovers, and the promises are checked against the databases; exit code 1 when
 * one was broken. It injects faults only into a platform that it started itself.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { loadCountryPack } from '@opennrm/country/load';
import { startPlatform } from '@opennrm/infra/local';
import { countUnreceived } from '@opennrm/infra/promises';
import { instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { cannotStart, commandLine } from '../cli/command-line.ts';
import { beginCaseload, type Caseload } from '../demo/caseload.ts';
import { chance } from '../demo/chance.ts';
import { demoPack, samplePack } from '../demo/pack.ts';
import { databaseReaderOf } from '../demo/promises/delivered.ts';
import { countStages } from '../demo/report/stages.ts';
import { closePools } from '../demo/rows.ts';
import { openSimulation } from '../demo/simulation.ts';
import { scratchDirectory } from '../local/reaper/scratch.ts';
import { FaultInjector } from './fault-injector.ts';
import { HELP, readOptions } from './options.ts';
import { watchOutages } from './outage.ts';
import { report } from './report.ts';

/** Simulated seconds in one real second: a rebalance of twelve seconds takes one simulated hour. */
const RATE = 300;
const PEOPLE_A_MINUTE = 100;
/** About the number of beds in the sample country: of more people, most would only wait and search again. */
const PEOPLE_AT_MOST = 400;
const TICK_MS = 20;
const CHECK_MS = 400;
const RECOVERS_WITHIN_MS = 180_000;

const began = Date.now();
const lines: string[] = [];
const printLine = (line: string): void => {
  lines.push(line);
  process.stdout.write(
    `[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`,
  );
};

const options = commandLine(HELP, readOptions);
const pack = await loadCountryPack(samplePack);
const start = instant(DateTime.fromISO('2026-01-05T08:00', { zone: pack.timeZone }).toMillis());
printLine(
  `Chaos: ${options.minutes} minutes, seed ${options.seed}, ${options.faultsPerMinute} faults a minute. Three brokers, two replicas of each service.`,
);
const scratch = await scratchDirectory('chaos');
const platform = await startPlatform({
  countryPack: await demoPack(scratch.path),
  clock: { business: start, rate: 1 },
  brokers: 3,
  replicas: 2,
  only: 'embedded',
  durable: true,
  progress: (line) => void (/ended|ready/.test(line) ? undefined : printLine(line)),
}).catch(cannotStart);
const simulation = openSimulation(platform, options.seed);
const faultInjector = new FaultInjector(platform, options.seed, options.twoBrokers ? 2 : 1);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});
try {
  process.exitCode = await play();
} finally {
  simulation.close();
  await platform.stop();
  await scratch.remove();
}

async function play(): Promise<number> {
  const days = (options.minutes * 60 * RATE) / 86_400;
  const people = Math.min(Math.ceil(options.minutes * PEOPLE_A_MINUTE), PEOPLE_AT_MOST);
  const regions = pack.regions.map((one) => one.code);
  const caseload = await beginCaseload(
    simulation,
    { people, seed: options.seed, profile: 'mixed', days, regions, evenly: true },
    printLine,
  );
  await platform.clock?.setRate(RATE);
  const watch = watchOutages(platform);
  await whileKilling(caseload, Date.now() + options.minutes * 60_000);
  printLine(
    `No new faults after ${faultInjector.count} faults. Waiting until everything has recovered …`,
  );
  await faultInjector.end();
  const [outages, stagesBefore] = await Promise.all([watch.stop(), countStages(simulation)]);
  await whileRecovering(caseload);
  caseload.close();
  const planned = caseload.requests.length;
  const exitCode = await report(
    { options, desk: simulation, faultInjector, outages, stagesBefore, planned },
    printLine,
  );
  await closePools();
  if (options.report) await writeFile(options.report, `${lines.join('\n')}\n`);
  return exitCode;
}

async function whileKilling(caseload: Caseload, until: number): Promise<void> {
  const draw = chance(options.seed, 'strikes');
  let [printedAt, next] = [Date.now(), Date.now() + 3_000];
  const checking = checkRegularly(caseload);
  while (Date.now() < until && !interrupted) {
    simulation.agenda.begin(simulation.now());
    if (Date.now() > next) {
      await faultInjector.injectFault();
      next = Date.now() + (60_000 / options.faultsPerMinute) * (0.5 + draw.next());
    }
    if (Date.now() - printedAt > 10_000) {
      printedAt = Date.now();
      printLine(
        `${faultInjector.count} faults; ${simulation.accepted.size} of ${caseload.requests.length} requests accepted.`,
      );
    }
    await pause(TICK_MS);
  }
  await checking.stop();
}

/** Checks one after the other; a check that fails is tried again. */
function checkRegularly(caseload: Caseload): { stop(): Promise<void> } {
  let going = true;
  const ended = (async () => {
    while (going) {
      await caseload.check().catch(() => undefined);
      await pause(CHECK_MS);
    }
  })();
  return {
    stop: () => {
      going = false;
      return ended;
    },
  };
}

/** People continue until no message is under way. Business time runs at real speed, so that hardly any new deadline passes. */
async function whileRecovering(caseload: Caseload): Promise<void> {
  await platform.clock?.setRate(1);
  for (const end = Date.now() + RECOVERS_WITHIN_MS; Date.now() < end; await pause(500)) {
    simulation.agenda.begin(simulation.now());
    await caseload.check().catch(() => undefined);
    const unreceived = await countUnreceived(databaseReaderOf(simulation)).catch(
      () => Number.POSITIVE_INFINITY,
    );
    if (unreceived === 0 && simulation.agenda.running === 0) return;
  }
  printLine(`Not everything recovered within ${RECOVERS_WITHIN_MS / 1_000} s.`);
}
