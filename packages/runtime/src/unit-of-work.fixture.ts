import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Database, openDatabase } from './postgres.ts';
import type { Transaction, WriteSet } from './unit-of-work.ts';

const TABLES = ['shelf', 'box', 'label'] as const;
type Table = (typeof TABLES)[number];

/** A row of each table: an id, its text, and the order in which the rows were written. */
const ownerSql = TABLES.map(
  (table) =>
    `CREATE TABLE ${table} (id int PRIMARY KEY CHECK (id >= 0), title text, nth serial);
     GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO messaging_service;
     GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO messaging_service;`,
).join('\n');

export interface Titled {
  readonly id: number;
  readonly title: string;
}

const setOf = (table: Table): WriteSet<Titled> => ({
  name: `${table}-write`,
  text: `INSERT INTO ${table} (id, title) SELECT * FROM unnest($1::int[], $2::text[])
         ON CONFLICT (id) DO UPDATE SET title = excluded.title`,
  key: ({ id }) => String(id),
  values: (rows) => [rows.map(({ id }) => id), rows.map(({ title }) => title)],
});

export const SHELF = setOf('shelf');
export const BOX = setOf('box');
export const LABEL = setOf('label');

export const insert = (tx: Transaction, table: Table, { id, title }: Titled): Promise<unknown> =>
  tx.query({
    name: `${table}-insert`,
    text: `INSERT INTO ${table} (id, title) VALUES ($1, $2)`,
    values: [id, title],
  });

export interface Shelves {
  readonly test: TestDatabase;
  readonly database: Database;
  /** The names of the statements that were sent since the spec began. */
  readonly sent: string[];
  /** The titles of a table in the order of their writes. */
  titles(table: Table): Promise<string[]>;
}

/** A database with three tables, empty before each spec, whose statements are recorded. */
export function shelves(): Shelves {
  let test: TestDatabase | undefined;
  let database: Database | undefined;
  const sent: string[] = [];
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the database is not open yet');
    return value;
  };
  beforeAll(async () => {
    test = await testDatabase('messaging', { ownerSql });
    database = openDatabase(test.url, {
      name: 'spec',
      size: 3,
      watch: ({ name }) => sent.push(name),
    });
  });
  afterAll(async () => {
    await database?.close();
    await test?.drop();
  });
  beforeEach(async () => {
    for (const table of TABLES) await started(database).query(`DELETE FROM ${table}`);
    sent.length = 0;
  });
  return {
    get test() {
      return started(test);
    },
    get database() {
      return started(database);
    },
    sent,
    async titles(table) {
      const { rows } = await started(test).database.query<Titled>(
        `SELECT id, title FROM ${table} ORDER BY nth`,
      );
      return rows.map(({ title }) => title);
    },
  };
}
