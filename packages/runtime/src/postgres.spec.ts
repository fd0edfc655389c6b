import { asAdmin } from '@opennrm/infra/local';
import '@opennrm/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { faultOf } from './fault.ts';
import { type Database, openDatabase } from './postgres.ts';

let database: Database;
beforeAll(() => {
  database = openDatabase(inject('postgresAdminUrl'), { name: 'spec', size: 1 });
});
afterAll(() => database.close());

const endBackend = (pid: number): Promise<unknown> =>
  asAdmin(inject('postgresAdminUrl'), (admin) =>
    admin.query('SELECT pg_terminate_backend($1, 5000)', [pid]),
  );

/** Runs one statement before its connection is ended, and one after. */
const cutInTheMiddle = (): Promise<unknown> =>
  database.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await endBackend(rows[0]?.pid ?? 0);
    await tx.query('SELECT 1');
  });

it('a connection that ends between two statements is a transient fault, and the next call uses another connection', async () => {
  const error = await cutInTheMiddle().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(faultOf(error), (error as Error).message).toBe('transient');
  const { rows } = await database.query<{ one: number }>('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
});

it('a mistake in a statement is not a transient fault', async () => {
  const error = await database
    .query('SELECT nothing FROM nowhere')
    .catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toBe('permanent');
});

it('a statement uses an index where there is one, even in a small table', async () => {
  await database.query('CREATE TEMP TABLE shelf (id int PRIMARY KEY, title text)');
  await database.query(`INSERT INTO shelf VALUES (1, 'one')`);
  await database.query('ANALYZE shelf');
  const { rows } = await database.query(
    'EXPLAIN SELECT title FROM shelf WHERE id = ANY ($1::int[])',
    [[1]],
  );
  expect(JSON.stringify(rows)).toContain('Index Cond');
});

it('a transaction that commits after a failed statement fails instead of being rolled back silently', async () => {
  const continuing = database.transaction(async (tx) => {
    await tx.query('SELECT 1 / 0').catch(() => undefined);
  });
  await expect(continuing).rejects.toMatchObject({ code: '22012' });
});

it('a transaction that continues after a failed statement reports why that statement failed', async () => {
  const continuing = database.transaction(async (tx) => {
    await tx.query('SELECT 1 / 0').catch(() => undefined);
    await tx.query('SELECT 1');
  });
  await expect(continuing).rejects.toMatchObject({ code: '22012' });
});

it('a failed statement that a savepoint undid does not fail the transaction', async () => {
  const recovered = database.transaction(async (tx) => {
    await tx.query('SAVEPOINT here');
    await tx.query('SELECT 1 / 0').catch(() => undefined);
    await tx.query('ROLLBACK TO SAVEPOINT here');
    return (await tx.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one;
  });
  expect(await recovered).toBe(1);
});

it('an unreachable database is reported without text of the driver', async () => {
  const nowhere = openDatabase('postgres://somebody@127.0.0.1:1/nothing', { name: 'spec' });
  const error = await nowhere.query('SELECT 1').catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toBe('transient');
  await nowhere.close();
});

it('wallClock fails on a read-only server, because nothing could be stored there', async () => {
  const url = new URL(inject('postgresAdminUrl'));
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const standby = openDatabase(url.href, { name: 'spec' });
  await expect(standby.wallClock()).rejects.toMatchObject({
    name: 'DatabaseReadOnly',
    code: '25006',
  });
  await standby.close();
  expect(await database.wallClock()).toBeGreaterThan(0);
});

it('a connection to a read-only server is replaced by another connection', async () => {
  const backend = 'SELECT pg_backend_pid() AS pid';
  const before = (await database.query<{ pid: number }>(backend)).rows[0]?.pid;
  const written = database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('CREATE TABLE never (id int)');
  });
  await expect(written).rejects.toMatchObject({ code: '25006' });
  expect((await database.query<{ pid: number }>(backend)).rows[0]?.pid).not.toBe(before);
});
