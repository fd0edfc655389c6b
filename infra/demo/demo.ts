/**
 * The main job in one command: `npm run demo`. Brings up everything, loads the sample country, sends in synthetic people through the public
 * calls and prints what became of them. Ends by itself; exit code 1 when a promise was broken.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { loadCountryPack } from '@opennrm/country/load';
import { startPlatform } from '@opennrm/infra/local';
import { days, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { cannotStart, commandLine } from '../cli/command-line.ts';
import { scratchDirectory } from '../local/guardian/scratch.ts';
import { beginCaseload, type Caseload } from './caseload.ts';
import { openDesk } from './desk.ts';
import { HELP, readOptions } from './options.ts';
import { Pace } from './pace.ts';
import { demoPack, samplePack } from './pack.ts';
import { checkPromises } from './promises/check.ts';
import { untilQuiet } from './promises/quiet.ts';
import { clocks } from './report/clocks.ts';
import { oneCase } from './report/one-case.ts';
import { report } from './report/report.ts';
import { countStages } from './report/stages.ts';

const FASTEST = 4_500;
const DAYS = 5;
const ARRIVALS_FOR_DAYS = 4.5;
const TICK_MS = 15;
const LOOK_MS = 120;

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((Date.now() - began) / 1_000)).padStart(3)} s] ${line}\n`);
const options = commandLine(HELP, readOptions);
const pack = await loadCountryPack(samplePack);
const start = instant(DateTime.fromISO('2026-01-05T00:00', { zone: pack.timeZone }).toMillis());

say(
  `OpenNRM demo: ${options.people} synthetic people and parties, ${DAYS} simulated days, seed ${options.seed}, profile ${options.profile}.`,
);
const scratch = await scratchDirectory('demo');
const platform = await startPlatform({
  countryPack: await demoPack(scratch.path),
  clock: { business: start, rate: 1 },
  // This data is thrown away at the end, so the disk need not be waited for; a killed service or server process loses nothing all the same.
  durable: false,
  progress: say,
}).catch(cannotStart);
say(
  `The clock will run up to ${FASTEST} times life; the four clocks that wait for another service are longer for it (docs/decisions/0011).`,
);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  say('Interrupted: it reports what became of everybody until now, and stops (Ctrl-C again ends everything at once).');
});
const desk = openDesk(platform, options.seed);
try {
  process.exitCode = await play();
} finally {
  desk.close();
  await platform.stop();
  await scratch.remove();
}

async function play(): Promise<number> {
  const regions = pack.regions.map((one) => one.code);
  const caseload = await beginCaseload(desk, { ...options, days: ARRIVALS_FOR_DAYS, regions }, say);
  const { requests, coordinators } = caseload;
  await simulate(caseload);
  caseload.close();
  say(`${interrupted ? 'Ended early' : 'The five days are over'}. Waiting until every message has arrived …`);
  await settle();
  await report(desk, requests, coordinators, pack);
  await clocks(desk);
  await oneCase(desk, requests, coordinators);
  return checkPromises(desk, requests);
}

async function simulate(caseload: Caseload): Promise<void> {
  const begin = desk.now();
  const end = begin + days(DAYS);
  const pace = new Pace(platform, FASTEST, say);
  await platform.clock?.setRate(FASTEST);
  let [looked, told] = [0, 0];
  while (desk.now() < end && !interrupted) {
    desk.agenda.begin(desk.now());
    if (Date.now() - looked > LOOK_MS) {
      looked = Date.now();
      await Promise.all([caseload.look(), pace.look()]).catch((error: Error) =>
        desk.failures.push(`looking: ${error.message}`),
      );
    }
    if (Date.now() - told > 5_000) {
      told = Date.now();
      say(await progressLine((desk.now() - begin) / days(1)));
    }
    await pause(TICK_MS);
  }
}

async function progressLine(day: number): Promise<string> {
  const stages = await countStages(desk);
  const line = Object.entries(stages).map(([stage, count]) => `${count} ${stage}`);
  return `day ${(day + 1).toFixed(1)}: ${line.join(', ') || 'nobody yet'}`;
}

/** Life's own pace again, and nothing on its way any more. */
async function settle(): Promise<void> {
  await platform.clock?.setRate(1);
  await untilQuiet(desk);
}
