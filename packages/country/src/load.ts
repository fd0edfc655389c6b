import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@opennrm/runtime';
import type { Problem } from './consistency-rule.ts';
import type { CountryPack, Parts } from './pack.ts';
import { readParts } from './read-parts.ts';

/** The files of a pack, which are merged into one object. */
const FILES = [
  'country.json',
  'calendars.json',
  'deadlines.json',
  'codes.json',
  'consent.json',
  'identification.json',
  'places-of-last-resort.json',
  'retention.json',
];

/** Files that a country may omit. */
const OPTIONAL = ['intake-form.json'];
const INDICATORS = 'indicators';

/** A country pack that cannot be used. The message names every wrong file and field at once. */
export class CountryPackError extends ConfigurationError {
  override name = 'CountryPackError';
}

/** The unchecked content of the files of a pack, and the names of files that are missing or not JSON. */
export interface PackContent {
  readonly content: Readonly<Record<string, unknown>>;
  readonly unreadable: readonly string[];
}

/**
 * Reads and checks the country pack in a folder. A file that the pack does not have is taken from the neighbouring pack that it is
 * `basedOn`.
 * @throws CountryPackError with all its problems.
 */
export async function loadCountryPack(folder: string): Promise<CountryPack> {
  const { content, unreadable } = await contentOf(folder);
  const pack = readCountryPack(content);
  const wrong = 'problems' in pack ? pack.problems : [];
  // A missing file is reported once, by its name and not by each of its parts.
  const reported =
    unreadable.length > 0
      ? wrong.filter(({ path: [part] }) => content[String(part)] !== undefined)
      : wrong;
  const problems = [
    ...unreadable,
    ...reported.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  ];
  if ('problems' in pack)
    throw new CountryPackError(
      `The country pack ${folder} has ${problems.length} thing(s) to mend:\n  ${problems.join('\n  ')}`,
    );
  return pack;
}

/** Reads the files of a pack. */
export async function contentOf(folder: string): Promise<PackContent> {
  const folders = await foldersOf(folder);
  const parts = await Promise.all([
    ...FILES.map((file) => readPart(folders, file)),
    ...OPTIONAL.map((file) => optionalPart(folders, file)),
    indicatorsIn(folders),
  ]);
  return {
    content: Object.assign({}, ...parts.map((part) => ('content' in part ? part.content : {}))),
    unreadable: parts.flatMap((part) => ('problem' in part ? [part.problem] : [])),
  };
}

/** Checks the content of a pack from files or a database. @returns the pack, or all its problems. */
export function readCountryPack(
  content: Readonly<Record<string, unknown>>,
): CountryPack | { readonly problems: readonly Problem[] } {
  const read = readParts(content);
  if ('problems' in read) return read;
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  const { country, version, calendars, serviceCalendar } = read;
  const serviceHolidays = new Set(calendars.find(({ code }) => code === serviceCalendar)?.holidays);
  const consent = { ...read.consent, actingServices: actingServices(read) };
  return { ...read, consent, id: `${country}-${version}-${hash}`, serviceHolidays };
}

/**
 * `referral` acts on the purposes of needs; `identification-intake` on the decision about status, which is no need.
 *
 * It is `referral` also where `directory` provides the need. A permission or basis allows a search; the search, the offers and the relations
 * are in `referral`, which withdraws the offers and acknowledges the withdrawal. `directory` is a module inside it. It has no case reference
 * and no topic of its own, so an acknowledgement of `directory` would never arrive.
 */
const actingServices = ({ needs }: Parts): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(needs.flatMap((one) => one.purposes.map((code) => [code, 'referral']))),
  'identification-decision': 'identification-intake',
});

/** The folder of a pack, and the folder of the pack that it is based on. */
async function foldersOf(folder: string): Promise<readonly string[]> {
  const country = await readPart([folder], 'country.json');
  const base =
    'content' in country ? (country.content as { basedOn?: unknown } | null)?.basedOn : undefined;
  return typeof base === 'string' && /^[a-z0-9-]{1,64}$/.test(base)
    ? [folder, join(folder, '..', base)]
    : [folder];
}

type Part = { readonly content: unknown } | { readonly problem: string };

async function optionalPart(folders: readonly string[], file: string): Promise<Part> {
  const part = await readPart(folders, file);
  return 'problem' in part && part.problem === missingProblem(file) ? { content: {} } : part;
}

const missingProblem = (file: string): string => `${file}: is missing`;

async function readPart([folder, ...others]: readonly string[], file: string): Promise<Part> {
  try {
    return { content: JSON.parse(await readFile(join(folder ?? '', file), 'utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `${file}: is not JSON` };
    return others.length > 0 ? readPart(others, file) : { problem: missingProblem(file) };
  }
}

/** All lists of indicators of the first folder that has any. A country may have none; then people conclude alone. */
async function indicatorsIn([folder = '', ...others]: readonly string[]): Promise<Part> {
  const all = await readdir(join(folder, INDICATORS)).catch(() => []);
  const files = all.filter((name) => name.endsWith('.json')).sort();
  if (files.length === 0)
    return others.length > 0 ? indicatorsIn(others) : { content: { indicators: {} } };
  const read = await Promise.all(files.map((file) => readPart([folder], join(INDICATORS, file))));
  const [unreadable] = read.flatMap((one) => ('problem' in one ? [one] : []));
  if (unreadable) return unreadable;
  const lists = read.map((one, nth) => [files[nth], 'content' in one ? one.content : undefined]);
  return { content: { indicators: Object.fromEntries(lists) } };
}
