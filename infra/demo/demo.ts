/**
 * The main job in one command: `npm run demo`. Brings up everything, loads the sample country, sends in synthetic people through the public
 * calls and prints what became of them. Ends by itself; exit code 1 when a promise was broken.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { loadCountryPack } from '@opennrm/country/load';
import { startPlatform } from '@opennrm/infra/local';
import { days, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { importDirectory, readHsds } from '../directory/import.ts';
import { scratchDirectory } from '../local/guardian/scratch.ts';
import { Caseworkers } from './actors/caseworkers.ts';
import { Coordinator } from './actors/coordinator.ts';
import { planRequests } from './actors/requesters.ts';
import { staffShelters } from './actors/shelters.ts';
import { chance } from './chance.ts';
import { openDesk } from './desk.ts';
import { readOptions } from './options.ts';
import { Pace } from './pace.ts';
import { demoPack, samplePack } from './pack.ts';
import { drawCaseload } from './people.ts';
import { checkPromises } from './promises/check.ts';
import { untilQuiet } from './promises/quiet.ts';
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
const options = readOptions(process.argv.slice(2));
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
});
say(
  `The clock will run up to ${FASTEST} times life; the three clocks that wait for another service are longer for it (docs/decisions/0011).`,
);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  say('Stopping …');
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
  const { coordinators, providers } = await loadCountry();
  const needs = drawCaseload({
    ...options,
    start: desk.now(),
    days: ARRIVALS_FOR_DAYS,
    regions: pack.regions.map((one) => one.code),
  });
  const draw = chance(options.seed, 'responders');
  const requests = planRequests(
    desk,
    needs,
    Array.from({ length: 8 }, () => draw.uuid()),
  );
  const shelters = staffShelters(desk, providers, coordinators);
  await simulate(new Caseworkers(desk, requests, coordinators), new Coordinator(desk, coordinators));
  shelters.close();
  say('The five days are over. Waiting until every message has arrived …');
  await settle();
  await report(desk, requests, coordinators, pack);
  await oneCase(desk, requests, coordinators);
  return checkPromises(desk, requests);
}

/** The sample country: 75 organisations, each registered by itself and vetted by somebody else. */
async function loadCountry(): Promise<{ coordinators: string; providers: string[] }> {
  const organizations = await readHsds(`${samplePack}/directory.hsds.json`);
  const [coordinators, accreditors] = [chance(1, 'coordinators').uuid(), chance(1, 'accreditors').uuid()];
  const loaded = await importDirectory(organizations, {
    referralAddress: platform.services.referral.grpcAddress,
    shelterAddress: platform.services['shelter-capacity'].grpcAddress,
    token: (organisation, role) => desk.token(organisation, role),
    accredit: { organisation: accreditors, until: '2027-12-31' },
    progress: say,
  });
  say(
    `${organizations.length} organisations with ${loaded.services} services and ${loaded.sites} sites are in the directory.`,
  );
  return { coordinators, providers: organizations.map((one) => one.id) };
}

async function simulate(caseworkers: Caseworkers, coordinator: Coordinator): Promise<void> {
  const begin = desk.now();
  const end = begin + days(DAYS);
  const pace = new Pace(platform, FASTEST, say);
  await platform.clock?.setRate(FASTEST);
  let [looked, told] = [0, 0];
  while (desk.now() < end && !interrupted) {
    desk.agenda.begin(desk.now());
    if (Date.now() - looked > LOOK_MS) {
      looked = Date.now();
      await Promise.all([caseworkers.look(), coordinator.look(), pace.look()]).catch((error: Error) =>
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
