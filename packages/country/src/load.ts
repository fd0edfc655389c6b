import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@opennrm/runtime';
import { type CountryPack, packSchema } from './pack.ts';

/** The files of a pack; together they are one object. */
const FILES = [
  'country.json',
  'calendars.json',
  'clocks.json',
  'codes.json',
  'consent.json',
  'identification.json',
  'places-of-last-resort.json',
  'retention.json',
];

/** What a country may do without. */
const OPTIONAL = ['intake-form.json'];

/** A country pack that cannot be used; the message names every file and field that is wrong, all at once. */
export class CountryPackError extends ConfigurationError {
  override name = 'CountryPackError';
}

/**
 * Reads and checks the country pack in a folder. What a pack does not say itself it takes, file by file, from the pack beside it that it is
 * `basedOn`.
 * @throws CountryPackError with everything that is wrong with it.
 */
export async function loadCountryPack(folder: string): Promise<CountryPack> {
  const pack = readCountryPack(await contentOf(folder));
  if ('problems' in pack)
    throw new CountryPackError(
      `The country pack ${folder} has ${pack.problems.length} thing(s) to mend:\n${pack.problems.join('\n')}`,
    );
  return pack;
}

/** What stands in the files of a pack, unchecked. @throws CountryPackError naming each that is missing or is not JSON. */
export async function contentOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const folders = await foldersOf(folder);
  const parts = await Promise.all([
    ...FILES.map((file) => readPart(folders, file)),
    ...OPTIONAL.map((file) => optionalPart(folders, file)),
  ]);
  const missing = parts.flatMap((part) => ('problem' in part ? [part.problem] : []));
  if (missing.length > 0)
    throw new CountryPackError(`The country pack ${folder} cannot be read:\n${missing.join('\n')}`);
  return Object.assign({}, ...parts.map((part) => ('content' in part ? part.content : {})));
}

/** Checks the content of a pack, as it was read from files or kept in a database. @returns the pack, or all that is wrong with it. */
export function readCountryPack(content: unknown): CountryPack | { readonly problems: readonly string[] } {
  const read = packSchema.safeParse(content);
  if (!read.success)
    return { problems: read.error.issues.map(({ path, message }) => `  ${path.map(String).join('.')}: ${message}`) };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  const { country, version, calendars, serviceCalendar } = read.data;
  const serviceHolidays = new Set(calendars.find(({ code }) => code === serviceCalendar)?.holidays);
  return { ...read.data, id: `${country}-${version}-${hash}`, serviceHolidays };
}

/** The folder of a pack, and that of the pack beside it on which it is based. */
export async function foldersOf(folder: string): Promise<readonly string[]> {
  const country = await readPart([folder], 'country.json');
  const base = 'content' in country ? (country.content as { basedOn?: unknown } | null)?.basedOn : undefined;
  return typeof base === 'string' && /^[a-z0-9-]{1,64}$/.test(base) ? [folder, join(folder, '..', base)] : [folder];
}

type Part = { readonly content: unknown } | { readonly problem: string };

async function optionalPart(folders: readonly string[], file: string): Promise<Part> {
  const part = await readPart(folders, file);
  return 'problem' in part && part.problem === missingIs(file) ? { content: {} } : part;
}

const missingIs = (file: string): string => `  ${file}: is missing`;

async function readPart([folder, ...others]: readonly string[], file: string): Promise<Part> {
  try {
    return { content: JSON.parse(await readFile(join(folder ?? '', file), 'utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `  ${file}: is not JSON` };
    return others.length > 0 ? readPart(others, file) : { problem: missingIs(file) };
  }
}
