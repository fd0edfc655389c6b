import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf } from '@opennrm/country/load';
import { ConfigurationError } from '@opennrm/runtime';
import { z } from 'zod';
import type { IndicatorList } from '../domain/screening/indicator-list.ts';

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
});
const strength = z.enum(['strong', 'medium', 'weak']);
const row = z.object({
  rule: z.string(),
  all: z.array(z.string()),
  any: z.array(z.string()),
  result: z.enum(['indicated', 'not-indicated', 'insufficient']),
  advice: z.string(),
});
const table = z.array(row).refine((rows) => rows.at(-1)?.all.length === 0 && rows.at(-1)?.any.length === 0, {
  message: 'the last row must fit everything',
});
const count = z.number().int().min(1).optional();
const list = z
  .object({
    ...{ id: z.string(), version: z.string() },
    positive: z.array(z.object({ strong: count, medium: count, weak: count, mediumOrWeak: count })).min(1),
    dimensions: z.array(
      z.object({
        code: z.string(),
        indicators: z.array(
          z.object({ code: z.string(), title: z.string(), adult: strength.optional(), child: strength.optional() }),
        ),
      }),
    ),
    rules: z.object({ adult: table, child: table }),
  })
  .refine(namesOnlyItsDimensions, { message: 'a row of the table names a dimension that the list does not have' });

function namesOnlyItsDimensions({
  dimensions,
  rules,
}: z.infer<
  z.ZodObject<{
    dimensions: z.ZodArray<z.ZodObject<{ code: z.ZodString }>>;
    rules: z.ZodObject<{ adult: typeof table; child: typeof table }>;
  }>
>): boolean {
  const codes = new Set(dimensions.map(({ code }) => code));
  return [...rules.adult, ...rules.child].every(({ all, any }) => [...all, ...any].every((code) => codes.has(code)));
}

/**
 * Reads the indicator lists of a country pack (`indicators/*.json`): each by `id@version`, the newest also by its `id`, so that versions stand side
 * by side.
 * @throws naming the file and what is wrong with it.
 */
export async function loadIndicatorLists(countryPack: string): Promise<Map<string, IndicatorList>> {
  const directory = await directoryOf(countryPack);
  const lists = new Map<string, IndicatorList>();
  for (const file of (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json')).sort()) {
    const read = json.pipe(list).safeParse(await readFile(join(directory, file), 'utf8'));
    if (!read.success)
      throw new ConfigurationError(`${file} is not an indicator list:\n${z.prettifyError(read.error)}`);
    const { id, version } = read.data;
    lists.set(`${id}@${version}`, read.data);
    const newest = lists.get(id);
    if (!newest || newest.version < version) lists.set(id, read.data);
  }
  return lists;
}

/** A pack without lists of its own uses those of the pack that it is based on. */
async function directoryOf(countryPack: string): Promise<string> {
  const directories = (await foldersOf(countryPack)).map((folder) => join(folder, 'indicators'));
  for (const directory of directories) if ((await readdir(directory).catch(() => [])).length > 0) return directory;
  return directories[0] ?? countryPack;
}
