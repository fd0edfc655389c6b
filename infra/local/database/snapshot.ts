import type pg from 'pg';
import { asAdmin } from './provision.ts';

/** A copy of a whole database as it is now, for a rehearsal of a restore. Whoever is connected is cut off while it is made. */
export async function takeSnapshot(adminUrl: string, database: string): Promise<string> {
  const copy = `${database}_snapshot`;
  await asAdmin(adminUrl, async (admin) => {
    await alone(admin, database);
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(copy)}`);
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(copy)} TEMPLATE ${admin.escapeIdentifier(database)}`);
    await open(admin, database);
  });
  return copy;
}

/** Puts a snapshot in the place of the database: what came after it is gone. */
export async function restoreSnapshot(adminUrl: string, database: string, copy: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ owner: string; acl: string[] | null }>(
      'SELECT pg_get_userbyid(datdba) AS owner, datacl::text[] AS acl FROM pg_database WHERE datname = $1',
      [database],
    );
    await alone(admin, database);
    await admin.query(`DROP DATABASE ${admin.escapeIdentifier(database)}`);
    const owner = admin.escapeIdentifier(rows[0]?.owner ?? 'postgres');
    await admin.query(
      `CREATE DATABASE ${admin.escapeIdentifier(database)} TEMPLATE ${admin.escapeIdentifier(copy)} OWNER ${owner}`,
    );
  });
}

/** Nobody else may be connected while a database is copied or dropped. */
async function alone(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
}

async function open(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} ALLOW_CONNECTIONS true`);
}
