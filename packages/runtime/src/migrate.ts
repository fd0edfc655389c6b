import { basename, dirname } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

/**
 * Brings a database to the newest schema, as its owner role. node-pg-migrate holds an advisory lock, so that two
 * starts at once migrate once. Each directory is an own series with an own table of what has run.
 * @param directories e.g. the packages' and then the service's own `migrations` folders, in that order.
 */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly directories: readonly string[];
}): Promise<void> {
  for (const directory of options.directories) {
    await runner({
      databaseUrl: options.ownerUrl,
      dir: directory,
      direction: 'up',
      migrationsTable: tableOf(directory),
      log: () => undefined,
    });
  }
}

const tableOf = (directory: string): string => `migrations_of_${basename(dirname(directory)).replaceAll('-', '_')}`;

/** The names of the migrations that have run in this database, by series. */
export async function migrationsRun(ownerUrl: string, directories: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const names: string[] = [];
    for (const directory of directories) {
      const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${tableOf(directory)} ORDER BY name`);
      names.push(...rows.map((row) => row.name));
    }
    return names;
  } finally {
    await client.end();
  }
}
