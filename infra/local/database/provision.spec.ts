import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  asAdmin,
  dropDatabase,
  type Provisioned,
  provisionDatabase,
  rolesOf,
} from './provision.ts';

const adminUrl = inject('postgresAdminUrl');
const [service, stranger] = ['a', 'b'].map(
  (name) => `spec-${name}-${randomBytes(4).toString('hex')}`,
) as [string, string];
let database: Provisioned;
beforeAll(async () => {
  database = await provisionDatabase({ adminUrl, service });
});
afterAll(() =>
  asAdmin(adminUrl, async (admin) => {
    for (const name of [service, stranger]) {
      await dropDatabase(admin, `opennrm_${name.replaceAll('-', '_')}`);
      for (const role of Object.values(rolesOf(name)))
        await admin.query(`DROP ROLE IF EXISTS ${role}`);
    }
  }),
);

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

it('the service role of a provisioned database cannot make a table, a schema or a temporary table', async () => {
  for (const text of [
    'CREATE TABLE own (id int)',
    'CREATE SCHEMA own',
    'CREATE TEMP TABLE own (id int)',
  ])
    await expect(query(database.serviceUrl, text)).rejects.toMatchObject({ code: '42501' });
});

it('the service role of a provisioned database cannot read a table without a grant', async () => {
  await query(database.ownerUrl, 'CREATE TABLE closed (id int)');
  await expect(query(database.serviceUrl, 'SELECT * FROM closed')).rejects.toMatchObject({
    code: '42501',
  });
});

it('the roles of another service cannot connect to a provisioned database', async () => {
  const other = await provisionDatabase({ adminUrl, service: stranger });
  for (const url of [other.ownerUrl, other.serviceUrl]) {
    const here = new URL(url);
    here.pathname = `/${database.database}`;
    await expect(query(here.href, 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
  }
});

it('provisionDatabase can be repeated: the data stays, and only the passwords are new', async () => {
  await query(database.ownerUrl, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
  const again = await provisionDatabase({ adminUrl, service });
  expect(await query(again.ownerUrl, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  await expect(query(database.ownerUrl, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  database = again;
});

it('provisionDatabase with `fresh` gives an empty database', async () => {
  const fresh = await provisionDatabase({ adminUrl, service, fresh: true });
  await expect(query(fresh.ownerUrl, 'SELECT id FROM kept')).rejects.toMatchObject({
    code: '42P01',
  });
  database = fresh;
});
