import type { Queries } from '@opennrm/runtime';
import { columnsOfPackages } from './columns-of-packages.ts';
import { idOf, KEYS } from './ids.ts';
import { textOf } from './texts.ts';

export interface Filling {
  /** Tables that are small by nature, with their number of rows. Every other table gets 200,000. */
  readonly small: Readonly<Record<string, number>>;
  /** The content of a column (`column`, or `table.column`, which takes precedence), as an expression of the row's number `n`. */
  readonly columns: Readonly<Record<string, string>>;
}

export const ROWS = 200_000;
/** The number of owners: the first has a tenth of all rows, each other a few. */
const OWNERS = 5_000;
const OWNING = new Set([
  'owner_org',
  'organisation_id',
  'service_id',
  'provider_id',
  'authority',
  'referred_by',
]);
/** The number of other rows that are referred to: each by four rows. */
const POINTED_TO = 50_000;
/** A moment near the beginning of most specs. */
const MOMENT = `1767603600000 + ((n::bigint * 7919) % ${ROWS} - ${ROWS / 2}) * 1000`;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** The columns of its unique index, in order; empty when it is in none. */
  readonly unique: readonly string[];
}

/** The texts that statements compare a column with, by the column's name. */
export type Asked = ReadonlyMap<string, readonly string[]>;

/**
 * Fills each table with one INSERT, without foreign keys and indexes: as many tables at a time as there are connections.
 * @returns the number of rows of each table
 */
export async function fill(
  connections: readonly Queries[],
  tables: readonly string[],
  filling: Filling,
  asked: Asked,
): Promise<Map<string, number>> {
  const [owner] = connections;
  if (owner === undefined) throw new Error('no connection fills the tables');
  await dropForeignKeys(owner);
  const columns = await columnsOf(owner);
  refuseUnknown(filling, columns);
  const counts = new Map<string, number>();
  const waiting = tables.toReversed();
  const fillWaiting = async (connection: Queries): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const own = columns.filter(({ table }) => table === name);
      const rows = filling.small[name] ?? ROWS;
      counts.set(name, await fillTable(connection, name, { columns: own, rows, filling, asked }));
    }
  };
  await Promise.all(connections.map(fillWaiting));
  return counts;
}

async function fillTable(owner: Queries, name: string, table: Table): Promise<number> {
  const columns = table.columns.map((column) => `"${column.name}"`).join(', ');
  const values = table.columns.map((column) => expressionOf(column, table)).join(', ');
  await owner.query(`ALTER TABLE ${name} SET UNLOGGED`); // the data need not survive a crash
  const indexes = await dropIndexes(owner, name);
  const { rowCount } = await owner.query(
    `INSERT INTO ${name} (${columns}) SELECT ${values} FROM generate_series(1, ${table.rows}) AS n`,
  );
  for (const index of indexes) await recreateIndex(owner, name, index);
  await owner.query(`VACUUM (ANALYZE) ${name}`);
  return rowCount ?? 0;
}

/** A renamed column would be filled by its type alone, and its statements would find nothing or too much. */
function refuseUnknown(filling: Filling, columns: readonly Column[]): void {
  const known = new Set(columns.flatMap(({ table, name }) => [name, `${table}.${name}`]));
  const unknown = Object.keys(filling.columns).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`no table has the columns ${unknown.join(', ')}`);
}

interface Index {
  readonly name: string;
  readonly definition: string;
  /** The definition of the primary key or unique constraint that uses the index. */
  readonly constraint: string | null;
}

/** An index is built four times faster on a filled table. */
async function dropIndexes(owner: Queries, table: string): Promise<Index[]> {
  const { rows } = await owner.query<Index>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition, pg_get_constraintdef(c.oid) AS constraint
     FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
     WHERE i.indrelid = $1::regclass`,
    [table],
  );
  for (const { name, constraint } of rows)
    await owner.query(
      constraint === null ? `DROP INDEX ${name}` : `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    );
  return rows;
}

/** @throws a unique violation when the columns of a unique index did not get distinct values */
const recreateIndex = (
  owner: Queries,
  table: string,
  { name, definition, constraint }: Index,
): Promise<unknown> =>
  owner.query(
    constraint === null ? definition : `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint}`,
  );

async function dropForeignKeys(owner: Queries): Promise<void> {
  const { rows } = await owner.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint WHERE contype = 'f'`,
  );
  for (const { table, name } of rows)
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`);
}

async function columnsOf(owner: Queries): Promise<Column[]> {
  const { rows } = await owner.query<Column>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type, NOT a.attnotnull AS nullable,
       coalesce((SELECT array_agg(k.attname::text ORDER BY k.attnum) FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indexrelid
                 WHERE i.indexrelid = (SELECT min(u.indexrelid::int)::oid FROM pg_index u
                                       WHERE u.indrelid = c.oid AND u.indisunique AND a.attnum = ANY (u.indkey::int2[]))), '{}') AS unique
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`,
  );
  return rows;
}

/** A table's columns, and how they are filled. */
interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly filling: Filling;
  readonly asked: Asked;
}

function expressionOf(column: Column, table: Table): string {
  const given = givenFor(column, table);
  if (given !== undefined) return given;
  const value = byType(column, table);
  return column.nullable ? `CASE WHEN n % 3 > 0 THEN ${value} END` : value;
}

function givenFor(column: Column, { filling, asked }: Table): string | undefined {
  const named = `${column.table}.${column.name}`;
  const ofPackages = columnsOfPackages((name) => asked.get(name) ?? []);
  return filling.columns[named] ?? ofPackages[named] ?? filling.columns[column.name];
}

function byType(column: Column, table: Table): string {
  const isUnique = column.unique.length > 0;
  switch (column.type) {
    case 'uuid':
      return idOf(numberOf(column, table));
    case 'uuid[]':
      return `ARRAY[${idOf(`1 + (n - 1) % ${OWNERS}`)}]`;
    case 'text':
      if (KEYS.has(column.name)) return `${idOf(numberOf(column, table))}::text`;
      return textOf(column.unique, table.asked.get(column.name) ?? []);
    case 'bigint':
      return isUnique ? 'n' : MOMENT;
    case 'integer':
    case 'smallint':
      return isUnique ? `1 + (n - 1) / ${POINTED_TO}` : '1 + n % 3';
    case 'boolean':
      return 'n % 19 = 0'; // coprime to the numbers of owners, so each owner has some
    case 'timestamp with time zone':
      return "now() - n * interval '1 second'";
    case 'bytea':
      return "'\\x00'::bytea";
    case 'json':
    case 'jsonb':
    case 'text[]':
      return `'{}'::${column.type}`;
    default:
      throw new Error(
        `${column.table}.${column.name}: nothing fills a column of type ${column.type}`,
      );
  }
}

/** The number of an id for a row: the row's own, that of an owner, or one that several rows share. */
function numberOf({ name, unique }: Column, table: Table): string {
  if (unique.length === 1) return 'n';
  if (OWNING.has(name) && unique.length === 0)
    return `CASE WHEN n % 10 = 0 THEN 1 ELSE 1 + (n - 1) % ${Math.min(table.rows, OWNERS)} END`;
  const pointedTo = Math.min(table.rows, POINTED_TO);
  const inIndex = table.columns.filter((column) => unique.includes(column.name));
  const ids = inIndex.filter(({ type }) => type === 'uuid');
  if (ids.length > 1 && ids.at(-1)?.name === name)
    return `1 + (n - 1 + (n - 1) / ${pointedTo}) % ${pointedTo}`;
  const isTheOnlyDifference = ids.length <= 1 && !inIndex.some(({ type }) => type === 'integer');
  if (!isTheOnlyDifference || unique.length === 0) return `1 + (n - 1) % ${pointedTo}`;
  return `1 + (n - 1) / ${textsBeside(inIndex, table)}`;
}

/** The number of texts beside an id: the id has one row for each. `textOf` uses them row by row. */
const textsBeside = (inIndex: readonly Column[], table: Table): number =>
  inIndex
    .filter(
      (column) =>
        column.type === 'text' && !KEYS.has(column.name) && givenFor(column, table) === undefined,
    )
    .reduce((most, { name }) => Math.max(most, table.asked.get(name)?.length ?? 0), 1);
