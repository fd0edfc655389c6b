import { createHmac, randomBytes } from 'node:crypto';
import {
  asAdmin,
  closeToPublic,
  dropDatabase,
  migrationsOf,
  provisionDatabase,
  rolesOf,
  withDatabase,
} from '@opennrm/infra/local';
import { type Database, migrate, openDatabase } from '@opennrm/runtime';
import { inject } from 'vitest';
import { type Contents, contentsOf } from './contents.ts';
import { lockOrderOf } from './lock-order.ts';
import { remembering, writeRecorded } from './plans/recorded.ts';
import './provided.ts';

/** A migrated database of one spec file, connected as the service's own least-privilege role. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  readonly ownerUrl: string;
  /** A digest of each table's rows, which any write changes. */
  contents(): Promise<Contents>;
  /** @throws when a transaction has locked in another order than the manifest of the service declares */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** SQL that is run as the owner role, for tables that only a spec needs. */
  readonly ownerSql?: string;
  readonly connections?: number;
}

const TEMPLATE_LOCK = 7_201_456;

/**
 * Clones the migrated template of a service, with its privileges: a missing GRANT fails a spec. `messaging` has only the packages' own
 * migrations.
 */
export async function testDatabase(
  service: string,
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const [adminUrl, secret] = [inject('postgresAdminUrl'), inject('databaseSecret')];
  const roles = rolesOf(service);
  const passwordOf = (role: string): string =>
    createHmac('sha256', secret).update(role).digest('base64url');
  const template = `template_${service.replaceAll('-', '_')}_${secret.slice(0, 8)}`;
  const name = `spec_${service.replaceAll('-', '_')}_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      template,
    ]);
    if (rowCount === 0) await makeTemplate(adminUrl, service, template, passwordOf);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${roles.owner}`);
    await closeToPublic(admin, name, roles);
  });
  const urlAs = (role: string): string =>
    withDatabase(adminUrl, name, { role, password: passwordOf(role) });
  const ownerUrl = urlAs(roles.owner);
  if (options.ownerSql) await asAdmin(ownerUrl, (owner) => owner.query(options.ownerSql ?? ''));
  const [remember, order] = [remembering(service), await lockOrderOf(service)];
  const database = openDatabase(urlAs(roles.service), {
    name: 'spec',
    size: options.connections ?? 10,
    watch(statement, tx) {
      remember(statement);
      order.watch(statement, tx);
    },
  });
  return {
    database,
    ownerUrl,
    url: urlAs(roles.service),
    contents: () => contentsOf(ownerUrl),
    async drop() {
      writeRecorded();
      await database.close();
      await asAdmin(adminUrl, (admin) => dropDatabase(admin, name));
      const faults = order.faults();
      if (faults.length > 0) throw new Error(`${service}: ${faults.join('; ')}`);
    },
  };
}

async function makeTemplate(
  adminUrl: string,
  service: string,
  database: string,
  passwordOf: (role: string) => string,
): Promise<void> {
  const { ownerUrl } = await provisionDatabase({ adminUrl, service, database, passwordOf });
  await migrate({ ownerUrl, directories: migrationsOf(service) });
}
