import type { Database, ServiceContext } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { applyCurrentLaw } from './current-law.ts';
import { contentOf, loadCountryPack, readCountryPack } from './load.ts';
import type { CountryPack } from './pack.ts';

/** The packs that procedures in a service's database began under. A running procedure stays under its own pack (design rule 20). */
export interface StoredPacks {
  /** The pack that was loaded when the process started. New procedures begin under it. */
  readonly current: CountryPack;
  /** Finds a pack by its id. @throws when the pack was never loaded here, so that no procedure can have begun under it. */
  byId(on: Pick<Database, 'query'>, id: string): Promise<CountryPack>;
}

type StoreContext = Pick<ServiceContext, 'database' | 'clock' | 'lifecycle'>;

/** The longest statutory terms are about a year. A term that begins now should end within the known holidays. */
const WARN_BEFORE_DAYS = 365;
const DAY_MS = 86_400_000;

type Content = Readonly<Record<string, unknown>>;

/**
 * Loads the pack of a folder and stores it once, by its hash, in the service's database. So a procedure that began under it can be
 * finished under it.
 * @throws CountryPackError with all its problems.
 */
export async function storeCountryPack(
  { database, clock, lifecycle }: StoreContext,
  folder: string,
): Promise<StoredPacks> {
  const current = await loadCountryPack(folder);
  const daysKnown = calendarDaysLeft(current, clock.now());
  if (daysKnown < WARN_BEFORE_DAYS)
    lifecycle.log.warn(
      { lastYear: current.calendarYears.last, daysKnown },
      'the calendars of this country end soon: list the holidays of later years',
    );
  const { content } = await contentOf(folder);
  await database.query({
    name: 'country-pack-store',
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

/** For how many more days holidays are listed. After them a term is counted without holidays and may end too early. */
export const calendarDaysLeft = ({ calendarYears }: CountryPack, now: Instant): number =>
  Math.max(0, Math.floor((Date.UTC(calendarYears.last + 1, 0, 1) - now) / DAY_MS));

/** Every pack that was ever loaded into this database. The current pack is the last. */
export async function allPacks(
  on: Pick<Database, 'query'>,
  packs: StoredPacks,
): Promise<readonly CountryPack[]> {
  const { rows } = await on.query<{ id: string }>({
    name: 'country-packs',
    text: 'SELECT id FROM country_pack WHERE id <> $1 ORDER BY stored_at',
    values: [packs.current.id],
  });
  return [...(await Promise.all(rows.map(({ id }) => packs.byId(on, id)))), packs.current];
}

interface Row {
  readonly id: string;
  readonly content: Content;
}

async function find(
  on: Pick<Database, 'query'>,
  id: string,
  current: Content,
): Promise<CountryPack> {
  const { rows } = await on.query<Row>({
    name: 'country-pack-find',
    text: 'SELECT id, content FROM country_pack WHERE id = $1',
    values: [id],
  });
  if (!rows[0]) throw new Error(`country pack ${id} was never loaded into this database`);
  return readStoredPack(rows[0], current);
}

/**
 * Reads a pack that an older version of this software stored. Values that are required since are taken, field by field, from the loaded
 * pack. Existing values and the id do not change.
 */
export function readStoredPack({ id, content: asStored }: Row, current: Content): CountryPack {
  const content = applyCurrentLaw(asStored, current);
  const pack = readCountryPack(content);
  if (!('problems' in pack)) return { ...pack, id };
  const filled = pack.problems.reduce<Content>(
    (so, { path }) => fillMissing(so, current, path) as Content,
    content,
  );
  const again = readCountryPack(filled);
  if (!('problems' in again)) return { ...again, id };
  const wrong = again.problems.map(
    ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
  );
  throw new Error(
    `country pack ${id} is stored here and can no longer be read: ${wrong.join('; ')}`,
  );
}

/**
 * Returns the content with a missing value at a path taken from another content. Two entries of a list are the same when they have the
 * same code.
 */
function fillMissing(
  kept: unknown,
  current: unknown,
  [step, ...rest]: readonly PropertyKey[],
): unknown {
  if (step === undefined) return kept ?? current;
  if (Array.isArray(kept) && Array.isArray(current))
    return kept.map((one, nth) =>
      nth === step ? fillMissing(one, findByCode(current, one), rest) : one,
    );
  if (!isObject(kept) || !isObject(current)) return kept;
  const name = String(step);
  return { ...kept, [name]: fillMissing(kept[name], current[name], rest) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const findByCode = (all: readonly unknown[], one: unknown): unknown =>
  all.find(
    (other) =>
      isObject(other) && isObject(one) && other.code !== undefined && other.code === one.code,
  );
