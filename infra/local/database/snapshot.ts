import type pg from 'pg';
import { asAdmin, closeToPublic, rolesOf } from './provision.ts';

/** Copies a whole database, for a rehearsal of a restore. Clients are disconnected while it is copied. @returns the name of the copy. */
export async function takeSnapshot(adminUrl: string, database: string): Promise<string> {
  const copy = `${database}_snapshot`;
  await asAdmin(adminUrl, async (admin) => {
    await disconnectOthers(admin, database);
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(copy)}`);
    await admin.query(
      `CREATE DATABASE ${admin.escapeIdentifier(copy)} TEMPLATE ${admin.escapeIdentifier(database)}`,
    );
    await allowConnections(admin, database);
  });
  return copy;
}

/** Replaces a service's database by a snapshot: everything after the snapshot is lost. */
export async function restoreSnapshot(
  adminUrl: string,
  {
    service,
    database,
    copy,
  }: { readonly service: string; readonly database: string; readonly copy: string },
): Promise<void> {
  const roles = rolesOf(service);
  await asAdmin(adminUrl, async (admin) => {
    await disconnectOthers(admin, database);
    await admin.query(`DROP DATABASE ${admin.escapeIdentifier(database)}`);
    await admin.query(
      `CREATE DATABASE ${admin.escapeIdentifier(database)} TEMPLATE ${admin.escapeIdentifier(copy)} OWNER ${roles.owner}`,
    );
    await closeToPublic(admin, database, roles);
  });
}

/** No other client may be connected while a database is copied or dropped. */
async function disconnectOthers(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    database,
  ]);
}

async function allowConnections(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} ALLOW_CONNECTIONS true`);
}
