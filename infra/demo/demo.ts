/**
 * `npm run demo`: starts the platform, loads the sample country, sends the requests of synthetic people through the public calls, prints the
 * results and writes them as a page. Ends by itself; exit code 1 when a promise was broken.
 */
import { loadCountryPack } from '@opennrm/country/load';
import { startPlatform } from '@opennrm/infra/local';
import { days, hours, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { cannotStart, commandLine } from '../cli/command-line.ts';
import { scratchDirectory } from '../local/reaper/scratch.ts';
import { beginCaseload, type Caseload } from './caseload.ts';
import { HELP, readOptions } from './options.ts';
import { Pace } from './pace/pace.ts';
import { demoPack, samplePack } from './pack.ts';
import { type Sample, takeSample } from './page/samples.ts';
import { writePage } from './page/write-page.ts';
import { checkPromises, printPromises } from './promises/check.ts';
import { waitUntilDelivered } from './promises/delivered.ts';
import { repeat } from './repeat.ts';
import { readOneCase } from './report/one-case.ts';
import { printCase } from './report/print-case.ts';
import { report } from './report/report.ts';
import { countStages } from './report/stages.ts';
import { reportStatutoryDeadlines } from './report/statutory-deadlines.ts';
import { openSimulation } from './simulation.ts';

const FASTEST = 9_000;
const DAYS = 5;
const ARRIVALS_FOR_DAYS = 4.5;
const TICK_MS = 15;
const CHECK_MS = 200;
const PROGRESS_MS = 5_000;
const SAMPLE_MS = 250;
/** Simulated time between two points of a chart. */
const CHART_STEP = hours(2);

const began = Date.now();
const printLine = (line: string): void =>
  void process.stdout.write(
    `[${String(Math.round((Date.now() - began) / 1_000)).padStart(3)} s] ${line}\n`,
  );
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const options = commandLine(HELP, readOptions);
const pack = await loadCountryPack(samplePack);
const start = instant(DateTime.fromISO('2026-01-05T00:00', { zone: pack.timeZone }).toMillis());

printLine(
  `This demo shows how ${options.people} invented people and families who need a safe place are referred, from the request to the arrival.`,
);
printLine(
  `OpenNRM demo: ${options.people} synthetic people and parties, ${DAYS} simulated days, seed ${options.seed}, profile ${options.profile}.`,
);
const scratch = await scratchDirectory('demo');
const platform = await startPlatform({
  countryPack: await demoPack(scratch.path),
  clock: { business: start, rate: 1 },
  // This data is deleted at the end, so writes need not wait for the disk. A killed process still loses nothing.
  durable: false,
  progress: printLine,
}).catch(cannotStart);
printLine(
  `The clock will run up to ${FASTEST} times as fast as real time; so the four deadlines that wait for another service are longer (docs/decisions/0011).`,
);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  printLine(
    'Interrupted: prints the results until now, and stops (Ctrl-C again ends everything at once).',
  );
});
const simulation = openSimulation(platform, options.seed);
try {
  process.exitCode = await play();
} finally {
  simulation.close();
  await platform.stop();
  await scratch.remove();
}

async function play(): Promise<number> {
  const regions = pack.regions.map((one) => one.code);
  const caseload = await beginCaseload(
    simulation,
    { ...options, days: ARRIVALS_FOR_DAYS, regions },
    printLine,
  );
  const { requests, coordinators } = caseload;
  const samples = await simulate(caseload);
  caseload.close();
  printLine(
    `${interrupted ? 'Ended early' : 'The five days are over'}. Waiting until every message has arrived …`,
  );
  await settle();
  await report(simulation, requests, coordinators, pack);
  await reportStatutoryDeadlines(simulation);
  const oneCase = await readOneCase(simulation, requests, coordinators);
  if (oneCase) printCase(oneCase);
  samples.push(...(await takeSample(simulation)));
  const period = { begin: start, end: simulation.now(), step: CHART_STEP };
  const promises = await checkPromises(simulation, requests);
  const exitCode = printPromises(promises, simulation, print);
  const summary = `${options.people} people and families needed a safe place in ${DAYS} simulated days (seed ${options.seed}, profile ${options.profile}).`;
  const faults = simulation.failures.length;
  const path = await writePage({ summary, period, samples, oneCase, promises, faults });
  print(`The same results as a page with charts: ${path}`);
  return exitCode;
}

/** @returns how many referrals were in which state, over time. */
async function simulate(caseload: Caseload): Promise<Sample[]> {
  const begin = simulation.now();
  const end = begin + days(DAYS);
  const pace = new Pace(platform, FASTEST, printLine);
  const samples: Sample[] = [];
  const over = new AbortController();
  const failed = (error: Error): void => void simulation.failures.push(`check: ${error.message}`);
  await platform.clock?.setRate(FASTEST);
  await Promise.all([
    repeat(TICK_MS, over.signal, () => {
      if (simulation.now() >= end || interrupted) over.abort();
      else simulation.agenda.begin(simulation.now());
    }),
    repeat(CHECK_MS, over.signal, () => caseload.check().catch(failed)),
    repeat(CHECK_MS, over.signal, () => pace.check().catch(failed)),
    repeat(SAMPLE_MS, over.signal, async () => samples.push(...(await takeSample(simulation)))),
    repeat(PROGRESS_MS, over.signal, async () =>
      printLine(await progressLine((simulation.now() - begin) / days(1))),
    ),
  ]);
  return samples;
}

async function progressLine(day: number): Promise<string> {
  const stages = await countStages(simulation);
  const line = Object.entries(stages).map(([stage, count]) => `${count} ${stage}`);
  return `day ${(day + 1).toFixed(1)}: ${line.join(', ') || 'no referrals yet'}`;
}

/** Sets the clock back to real speed, and waits until no message is under way. */
async function settle(): Promise<void> {
  await platform.clock?.setRate(1);
  await waitUntilDelivered(simulation);
}
