import type { Database } from '@opennrm/runtime';
import { completed } from './kept-before.ts';
import { contentOf, loadCountryPack, readCountryPack } from './load.ts';
import type { CountryPack } from './pack.ts';

/** The packs under which something in a service's database was begun; what runs stays on its own (design rule 19). */
export interface KeptPacks {
  /** The pack that was loaded when the process started: whatever begins now begins under it. */
  readonly current: CountryPack;
  /** A pack by its id. @throws where it was never loaded here: then nothing can have been begun under it. */
  byId(on: Pick<Database, 'query'>, id: string): Promise<CountryPack>;
}

/**
 * Loads the pack of a folder and copies it into the service's database by its hash, once, so that what was begun under it can be finished under it.
 * @throws CountryPackError with everything that is wrong with it.
 */
export async function keepCountryPack(database: Database, folder: string): Promise<KeptPacks> {
  const current = await loadCountryPack(folder);
  const content = await contentOf(folder);
  await database.query({
    name: 'country-pack-keep',
    text: 'INSERT INTO country_pack (id, content) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
    values: [current.id, JSON.stringify(content)],
  });
  const known = new Map([[current.id, current]]);
  return {
    current,
    async byId(on, id) {
      const pack = known.get(id) ?? (await find(on, id, content));
      known.set(id, pack);
      return pack;
    },
  };
}

async function find(on: Pick<Database, 'query'>, id: string, loaded: Content): Promise<CountryPack> {
  const { rows } = await on.query<{ content: Content }>({
    name: 'country-pack-find',
    text: 'SELECT content FROM country_pack WHERE id = $1',
    values: [id],
  });
  const pack = rows[0] && readCountryPack(completed(rows[0].content, loaded));
  if (!pack || 'problems' in pack) throw new Error(`country pack ${id} is not in this database, or cannot be read`);
  // By the id that it was kept under: the hash is of what stands there, not of what was completed.
  return { ...pack, id };
}

type Content = Awaited<ReturnType<typeof contentOf>>;
