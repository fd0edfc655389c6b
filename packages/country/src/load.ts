import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@opennrm/runtime';
import { type CountryPack, packSchema } from './pack.ts';

/** The files of a pack; together they are one object. */
const FILES = ['country.json', 'clocks.json', 'codes.json', 'places-of-last-resort.json'];

/** A country pack that cannot be used; the message names every file and field that is wrong, all at once. */
export class CountryPackError extends ConfigurationError {
  override name = 'CountryPackError';
}

/**
 * Reads and checks the country pack in a folder.
 * @throws CountryPackError with everything that is wrong with it.
 */
export async function loadCountryPack(folder: string): Promise<CountryPack> {
  const parts = await Promise.all(FILES.map((file) => readPart(folder, file)));
  const missing = parts.flatMap((part) => ('problem' in part ? [part.problem] : []));
  if (missing.length > 0)
    throw new CountryPackError(`The country pack ${folder} cannot be read:\n${missing.join('\n')}`);
  const content = Object.assign({}, ...parts.map((part) => ('content' in part ? part.content : {}))) as Record<
    string,
    unknown
  >;
  const read = packSchema.safeParse(content);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `  ${path.map(String).join('.')}: ${message}`);
    throw new CountryPackError(
      `The country pack ${folder} has ${problems.length} thing(s) to mend:\n${problems.join('\n')}`,
    );
  }
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  return { ...read.data, id: `${read.data.country}-${read.data.version}-${hash}` };
}

type Part = { readonly content: unknown } | { readonly problem: string };

async function readPart(folder: string, file: string): Promise<Part> {
  try {
    return { content: JSON.parse(await readFile(join(folder, file), 'utf8')) };
  } catch (error) {
    return { problem: `  ${file}: ${error instanceof SyntaxError ? 'is not JSON' : 'is missing'}` };
  }
}
