import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asAdmin, dropDatabase, provisionDatabase } from '@opennrm/infra/local';
import '@opennrm/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrate, requireSchema } from './migrate.ts';
import { type Database, openDatabase } from './postgres.ts';

const service = `migrating-${randomBytes(4).toString('hex')}`;
const name = `spec_${service.replaceAll('-', '_')}`;
let folder = '';
let ownerUrl = '';
let database: Database;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'migrate-')), 'made-up', 'migrations');
  await mkdir(folder, { recursive: true });
  await write('0001_begin', 'CREATE TABLE one (id int); INSERT INTO one VALUES (1);');
  const made = await provisionDatabase({
    adminUrl: inject('postgresAdminUrl'),
    service,
    database: name,
  });
  ({ ownerUrl } = made);
  database = openDatabase(made.serviceUrl, { name: 'spec', size: 2 });
});
afterAll(async () => {
  await database.close();
  await asAdmin(inject('postgresAdminUrl'), (admin) => dropDatabase(admin, name));
  await rm(folder, { recursive: true });
});

const write = (file: string, sql: string): Promise<void> =>
  writeFile(join(folder, `${file}.sql`), `-- Up Migration\n${sql}\n`);
const count = (): Promise<number> =>
  asAdmin(ownerUrl, async (owner) => (await owner.query('SELECT 1 FROM one')).rowCount ?? 0);

it('requireSchema names the missing migration when none has run', async () => {
  await expect(requireSchema(database, folder)).rejects.toThrow(
    'run the migrations first: 0001_begin',
  );
});

it('each migration runs once, also when three processes start at the same moment', async () => {
  const run = () => migrate({ ownerUrl: ownerUrl, directories: [folder] });
  await Promise.all([run(), run(), run()]);
  expect(await count()).toBe(1);
  await requireSchema(database, folder);
});

it('requireSchema refuses a schema that is one migration older, and a migration that fails half-way is rolled back', async () => {
  await write('0002_wrong', 'INSERT INTO one VALUES (2); INSERT INTO nowhere VALUES (1);');
  await expect(requireSchema(database, folder)).rejects.toThrow(
    'run the migrations first: 0002_wrong',
  );
  await expect(migrate({ ownerUrl: ownerUrl, directories: [folder] })).rejects.toThrow('nowhere');
  expect(await count()).toBe(1);
});
