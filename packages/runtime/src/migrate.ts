import { readdir } from 'node:fs/promises';
import { basename, dirname, parse } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { ConfigurationError } from './config.ts';
import { longLimits, openConnection } from './connection.ts';
import { faultOf } from './fault.ts';
import type { Database } from './postgres.ts';

/**
 * Brings a database to the newest schema, as its owner role. node-pg-migrate holds an advisory lock, so a second process that starts at
 * the same moment waits. Each directory is its own series, with its own table of migrations that have run.
 * @param directories the packages' and then the service's own `migrations` folders, in this order.
 */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly directories: readonly string[];
}): Promise<void> {
  for (const directory of options.directories) {
    await runner({
      databaseUrl: { connectionString: options.ownerUrl, ...longLimits },
      dir: directory,
      direction: 'up',
      migrationsTable: tableOf(directory),
      advisoryLockMode: 'wait', // its default is to fail
      log: () => undefined,
    });
  }
  await grantMigrationTables(options.ownerUrl, options.directories);
}

const tableOf = (directory: string): string =>
  `migrations_of_${basename(dirname(directory)).replaceAll('-', '_')}`;

const GRANT_LOCK = 7_201_457;

/** Allows the service to read which migrations have run. */
async function grantMigrationTables(
  ownerUrl: string,
  directories: readonly string[],
): Promise<void> {
  const client = await openConnection({ connectionString: ownerUrl, ...longLimits });
  try {
    // Concurrent grants of the same privilege would fail in the catalogue. The lock ends with the connection.
    await client.query(`SELECT pg_advisory_lock(${GRANT_LOCK})`);
    const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
    const service = pg.escapeIdentifier((rows[0]?.owner ?? '').replace(/_owner$/, '_service'));
    for (const directory of directories)
      await client.query(`GRANT SELECT ON ${tableOf(directory)} TO ${service}`);
  } finally {
    await client.end();
  }
}

/**
 * Refuses an older schema when a service starts (design rule 21).
 * @throws ConfigurationError naming the migrations of the directory that have not run, or stating that the database is away.
 */
export async function requireSchema(
  database: Pick<Database, 'query'>,
  directory: string,
): Promise<void> {
  const run = await alreadyRun(database, tableOf(directory));
  const files = (await readdir(directory)).map((file) => parse(file).name);
  const missing = files.filter((name) => !run.has(name)).sort();
  if (missing.length > 0) {
    throw new ConfigurationError(
      `The database is older than this service; run the migrations first: ${missing.join(', ')}`,
    );
  }
}

const UNDEFINED_TABLE = '42P01';

async function alreadyRun(database: Pick<Database, 'query'>, table: string): Promise<Set<string>> {
  try {
    const { rows } = await database.query<{ name: string }>(`SELECT name FROM ${table}`);
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === UNDEFINED_TABLE) return new Set();
    if (faultOf(error) === 'permanent') throw error;
    throw new ConfigurationError(
      `DATABASE_URL: the database does not answer (${code ?? 'no connection'}); is it up?`,
    );
  }
}
