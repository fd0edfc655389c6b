import { type TestDatabase, tcpProxy, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectionLimits, openConnection } from './connection.ts';
import { type Database, openDatabase } from './postgres.ts';

type Proxy = Awaited<ReturnType<typeof tcpProxy>>;
let test: TestDatabase;
let proxy: Proxy;
let url: string;
let database: Database;
beforeAll(async () => {
  test = await testDatabase('messaging');
});
afterAll(() => test.drop());
beforeEach(async () => {
  const through = new URL(test.url);
  proxy = await tcpProxy({ target: { host: through.hostname, port: Number(through.port) } });
  [through.hostname, through.port] = ['127.0.0.1', String(proxy.port)];
  through.searchParams.set('query_timeout', '500'); // a value in the address takes precedence, so a spec need not wait half a minute
  url = through.href;
  database = openDatabase(url, { name: 'spec', size: 2 });
});
afterEach(async () => {
  await proxy.close();
  await database.close();
});

const unreachable = { name: 'DatabaseUnreachable' };

it('a request without a response is given up on every kind of connection, and the database works again afterwards', async () => {
  const own = await openConnection({ connectionString: url });
  await database.query('SELECT 1');
  proxy.dropAnswers();
  await Promise.all([
    expect(database.query('SELECT 1')).rejects.toMatchObject(unreachable),
    expect(database.transaction((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(unreachable),
    expect(own.query('SELECT 1')).rejects.toMatchObject(unreachable),
    expect(openConnection({ connectionString: url })).rejects.toMatchObject(unreachable),
    expect(database.wallClock()).rejects.toMatchObject(unreachable),
  ]);
  proxy.restore();
  const { rows } = await database.transaction((tx) => tx.query<{ one: number }>('SELECT 1 AS one'));
  expect(rows).toEqual([{ one: 1 }]);
  expect(await database.wallClock()).toBeGreaterThan(0);
});

it('a wait for a lock ends sooner than a slow statement, so the two faults can be distinguished', async () => {
  const { rows } = await database.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')`,
  );
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]))).toEqual({
    lock_timeout: connectionLimits.lock_timeout,
    statement_timeout: connectionLimits.statement_timeout,
  });
  expect(connectionLimits.lock_timeout).toBeLessThan(connectionLimits.statement_timeout);
  expect(connectionLimits.statement_timeout).toBeLessThan(connectionLimits.query_timeout);
});

it('a separate connection is not used again after it has not answered in time', async () => {
  const own = await openConnection({ connectionString: url });
  proxy.dropAnswers();
  await expect(own.query('SELECT 1')).rejects.toMatchObject(unreachable);
  proxy.restore();
  await expect(own.query('SELECT 1')).rejects.toMatchObject(unreachable);
  await own.end();
});

it('a commit whose response was lost is reported as unknown', async () => {
  await database.query('DELETE FROM quarantine');
  const lost = database.transaction(async (tx) => {
    await tx.query(`INSERT INTO quarantine (topic, key, reason) VALUES ('t', 'k', 'gap')`);
    proxy.dropAnswers();
  });
  await expect(lost).rejects.toMatchObject(unreachable);
  proxy.restore();
  expect((await database.query('SELECT 1 FROM quarantine')).rowCount).toBe(1);
});
