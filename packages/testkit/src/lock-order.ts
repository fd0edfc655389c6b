import { readManifests } from '@opennrm/infra/local';
import type { Statement, Transaction } from '@opennrm/runtime';

/** Checks that each transaction of the specs locks in the order that the manifest of the service declares. */
export interface LockOrder {
  watch(statement: Statement, tx?: Transaction): void;
  /** Each wrong order that was found, once. */
  faults(): string[];
}

/** What a transaction has locked so far: the ids by table. Where a statement does not name the ids they are unknown. */
type Locked = ReadonlyMap<string, readonly string[] | 'unknown'>;

/** Kept in the memory of the transaction: a savepoint that is undone releases its locks. */
const MEMORY = 'lock order of the spec';
const ADVISORY = 'advisory';

export async function lockOrderOf(service: string): Promise<LockOrder> {
  const manifest = (await readManifests()).find(({ name }) => name === service);
  return lockOrder(manifest?.lockOrder ?? []);
}

export function lockOrder(order: readonly string[]): LockOrder {
  const found = new Set<string>();
  return {
    watch(statement, tx) {
      if (!tx) return;
      for (const table of order.filter((one) => isLockedBy(statement.text, one))) {
        const locked = (tx.memory.get(MEMORY) as Locked | undefined) ?? new Map();
        const ids = idsOf(statement, table);
        for (const fault of faultsOf(order, locked, table, ids))
          found.add(`${statement.name} ${fault}`);
        tx.memory.set(MEMORY, new Map(locked).set(table, together(locked.get(table), ids)));
      }
    },
    faults: () => [...found],
  };
}

/** A statement that skips locked rows waits for nobody. */
const isLockedBy = (text: string, table: string): boolean => {
  if (table === ADVISORY) return text.includes('pg_advisory_xact_lock');
  if (new RegExp(`INSERT INTO ${table}\\b[^]*DO UPDATE`).test(text)) return true;
  return new RegExp(`FROM ${table}\\b`).test(text) && /FOR UPDATE(?! SKIP LOCKED)/.test(text);
};

/** The ids that a statement locks, where it names them. All advisory locks of a service are one. */
function idsOf({ text, values = [] }: Statement, table: string): readonly string[] | 'unknown' {
  if (table === ADVISORY) return [ADVISORY];
  const [given] = values;
  const isInserted = text.includes(`INSERT INTO ${table} `) && text.includes('unnest($1::uuid[])');
  const isNamed = new RegExp(
    `FROM ${table} WHERE \\w+ = (?:\\$1|ANY \\(\\$1::uuid\\[\\]\\)) `,
  ).test(text);
  if (isNamed && typeof given === 'string') return [given];
  return (isNamed || isInserted) && Array.isArray(given) ? given.map(String) : 'unknown';
}

function faultsOf(
  order: readonly string[],
  locked: Locked,
  table: string,
  ids: readonly string[] | 'unknown',
): string[] {
  const earlier = locked.get(table);
  const isKnown = (id: string): boolean => earlier === 'unknown' || earlier?.includes(id) === true;
  const unlocked = ids === 'unknown' ? ['unknown'] : ids.filter((id) => !isKnown(id));
  const later = order.slice(order.indexOf(table) + 1).filter((one) => locked.has(one));
  const faults = unlocked.length > 0 ? later.map((one) => `locks ${table} after ${one}`) : [];
  // An advisory lock lets one transaction at a time lock what comes after it, in any order.
  const isAlone = locked.has(ADVISORY) && order.indexOf(ADVISORY) < order.indexOf(table);
  if (!isAlone && ids !== 'unknown' && earlier !== undefined && earlier !== 'unknown') {
    const highest = earlier.toSorted().at(-1) ?? '';
    if (unlocked.some((id) => id < highest))
      faults.push(`locks a row of ${table} after one with a higher id`);
  }
  return faults;
}

const together = (
  earlier: readonly string[] | 'unknown' | undefined,
  ids: readonly string[] | 'unknown',
): readonly string[] | 'unknown' =>
  earlier === 'unknown' || ids === 'unknown' ? 'unknown' : (earlier ?? []).concat(ids);
