/**
 * `npm run test:mutants -- --mutants 300 --seed 7 --minutes 30 --service referral`: changes one operator or condition of a domain at a time and
 * runs the pure specs of that service. The package `holding` counts as a service. Prints each change that no spec notices: it changes no
 * behaviour, or a test is missing.
 * Exit codes: 0 enough changes were noticed, 1 less than 0.95, 2 used wrongly.
 */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { commandLine } from '../cli/command-line.ts';
import { inRepository } from '../local/repository.ts';
import { rangesOf, rulesOf, shuffled } from './sample.ts';
import { type Mutant, mutate } from './stryker.ts';

const ENOUGH = 0.95;
/** The average number of lines of a domain for one possible change. */
const LINES_FOR_A_CHANGE = 2.2;

/** The rules of the package are those of the domains that use it. */
const all = [...readdirSync(inRepository('services')).sort(), 'holding'];
const HELP = `npm run test:mutants -- [options]: changes one operator of a domain at a time and runs its pure specs

  --mutants <number>  about how many changes; default 300
  --seed <number>     the same seed gives the same lines; default 1
  --minutes <number>  begins no further service after this time; default 60
  --service <name>    ${all.join(', ')}; more than once for several; default all

Exit codes: 0 enough changes were noticed, 1 less than ${ENOUGH}, 2 used wrongly.`;

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mutants: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '60' },
      service: { type: 'string', multiple: true, default: all },
    },
  });
  const [wanted, seed, minutes] = [
    Number(values.mutants),
    Number(values.seed),
    Number(values.minutes),
  ];
  if ([wanted, seed, minutes].some((value) => !Number.isInteger(value) || value < 1))
    throw new Error('--mutants, --seed and --minutes: must be whole numbers from 1 on.');
  if (values.service.some((name) => !all.includes(name)))
    throw new Error(`--service: must be one of ${all.join(', ')}.`);
  return { wanted, seed, minutes, services: values.service };
}

const { wanted, seed, minutes, services } = commandLine(HELP, readOptions);

const filesOf = (service: string) =>
  globSync(`${rulesOf(service)}/**/*.ts`, { cwd: inRepository('') })
    .filter((file) => !/\.(spec|fixture)\.ts$/.test(file))
    .sort()
    .map((file) => ({ file, lines: readFileSync(inRepository(file), 'utf8').split('\n').length }));

const linesOf = (files: readonly { readonly lines: number }[]): number =>
  files.reduce((sum, { lines }) => sum + lines, 0);

process.chdir(inRepository(''));
const until = Date.now() + minutes * 60_000;
const domains = services.map((service) => ({ service, files: filesOf(service) }));
const lines = linesOf(domains.flatMap(({ files }) => files));
const made: Mutant[] = [];
for (const { service, files } of domains) {
  if (Date.now() > until) {
    console.log(`The time is over: ${service} is skipped.`);
    continue;
  }
  const share = (wanted * linesOf(files)) / lines;
  const ranges = shuffled(rangesOf(files), seed);
  const enough = Math.max(
    1,
    Math.ceil((share * LINES_FOR_A_CHANGE) / (linesOf(files) / ranges.length)),
  );
  console.log(`${service}: about ${Math.round(share)} changes …`);
  made.push(...(await mutate(service, ranges.slice(0, enough))));
}
const unnoticed = made.filter(({ noticed }) => !noticed);
for (const { at, change } of unnoticed) console.log(`not noticed: ${at}  ${change}`);
const score = 1 - unnoticed.length / Math.max(1, made.length);
console.log(
  `${made.length} changes, ${made.length - unnoticed.length} noticed: ${score.toFixed(3)} (seed ${seed})`,
);
process.exit(score >= ENOUGH ? 0 : 1);
