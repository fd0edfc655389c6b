import { asAdmin } from '@opennrm/infra/local';
import '@opennrm/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Database, isPassing, openDatabase } from './postgres.ts';

let database: Database;
beforeAll(() => {
  database = openDatabase(inject('postgresAdminUrl'), { name: 'spec', size: 1 });
});
afterAll(() => database.close());

const endBackend = (pid: number): Promise<unknown> =>
  asAdmin(inject('postgresAdminUrl'), (admin) => admin.query('SELECT pg_terminate_backend($1, 5000)', [pid]));

/** One statement before its connection is ended, one after it. */
const cutInTheMiddle = (): Promise<unknown> =>
  database.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await endBackend(rows[0]?.pid ?? 0);
    await tx.query('SELECT 1');
  });

it('takes a connection that is ended between two statements for a passing fault, and uses another next time', async () => {
  const error = await cutInTheMiddle().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(isPassing(error), (error as Error).message).toBe(true);
  const { rows } = await database.query<{ one: number }>('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
});

it('does not take a mistake in a statement for a passing fault', async () => {
  const error = await database.query('SELECT nothing FROM nowhere').catch((thrown: unknown) => thrown);
  expect(isPassing(error)).toBe(false);
});

it('uses an index where there is one, though the table is small enough to be read at once', async () => {
  await database.query('CREATE TEMP TABLE shelf (id int PRIMARY KEY, title text)');
  await database.query(`INSERT INTO shelf VALUES (1, 'one')`);
  await database.query('ANALYZE shelf');
  const { rows } = await database.query('EXPLAIN SELECT title FROM shelf WHERE id = ANY ($1::int[])', [[1]]);
  expect(JSON.stringify(rows)).toContain('Index Cond');
});
