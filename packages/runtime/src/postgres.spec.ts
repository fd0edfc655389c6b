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
  expect(faultOf(error), (error as Error).message).toBe('transient');
  const { rows } = await database.query<{ one: number }>('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
});

it('does not take a mistake in a statement for a passing fault', async () => {
  const error = await database
    .query('SELECT nothing FROM nowhere')
    .catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toBe('permanent');
});

it('uses an index where there is one, though the table is small enough to be read at once', async () => {
  await database.query('CREATE TEMP TABLE shelf (id int PRIMARY KEY, title text)');
  await database.query(`INSERT INTO shelf VALUES (1, 'one')`);
  await database.query('ANALYZE shelf');
  const { rows } = await database.query(
    'EXPLAIN SELECT title FROM shelf WHERE id = ANY ($1::int[])',
    [[1]],
  );
  expect(JSON.stringify(rows)).toContain('Index Cond');
});

it('fails a transaction that goes on after a failed statement and would be undone in silence', async () => {
  const goingOn = database.transaction(async (tx) => {
    await tx.query('SELECT 1 / 0').catch(() => undefined);
  });
  await expect(goingOn).rejects.toMatchObject({ code: '22012' });
});

it('reports, for a transaction that went on after a failed statement, why that statement failed', async () => {
  const goingOn = database.transaction(async (tx) => {
    await tx.query('SELECT 1 / 0').catch(() => undefined);
    await tx.query('SELECT 1');
  });
  await expect(goingOn).rejects.toMatchObject({ code: '22012' });
});

it('forgets a failed statement that a savepoint undid', async () => {
  const recovered = database.transaction(async (tx) => {
    await tx.query('SAVEPOINT here');
    await tx.query('SELECT 1 / 0').catch(() => undefined);
    await tx.query('ROLLBACK TO SAVEPOINT here');
    return (await tx.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one;
  });
  expect(await recovered).toBe(1);
});

it('names a database that cannot be reached without a word of the driver', async () => {
  const nowhere = openDatabase('postgres://somebody@127.0.0.1:1/nothing', { name: 'spec' });
  const error = await nowhere.query('SELECT 1').catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toBe('transient');
  await nowhere.close();
});

it('does not give the wall clock of a server that may only be read: nothing could be kept there', async () => {
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

it('uses another connection after one to a server that may only be read', async () => {
  const backend = 'SELECT pg_backend_pid() AS pid';
  const before = (await database.query<{ pid: number }>(backend)).rows[0]?.pid;
  const written = database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('CREATE TABLE never (id int)');
  });
  await expect(written).rejects.toMatchObject({ code: '25006' });
  expect((await database.query<{ pid: number }>(backend)).rows[0]?.pid).not.toBe(before);
});
