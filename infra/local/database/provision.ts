import { randomBytes } from 'node:crypto';
import { longLimits } from '@opennrm/runtime';
import pg from 'pg';

export interface ProvisionOptions {
  readonly adminUrl: string;
  /** e.g. `shelter-capacity` */
  readonly service: string;
  /** Default `opennrm_<service>`. */
  readonly database?: string;
  /** Drop the database first, with all its data. */
  readonly fresh?: boolean;
  /** The password of a role; random by default. */
  readonly passwordOf?: (role: string) => string;
}

/** The URLs by which a service's two roles reach its database. */
export interface Provisioned {
  readonly database: string;
  /** For the role that makes and changes the schema; only migrations use it. */
  readonly ownerUrl: string;
  /** For the role that has only the rights that the migrations grant. */
  readonly serviceUrl: string;
}

/** The names of a service's roles. Migrations derive the service role from the owner role. */
export const rolesOf = (service: string): { readonly owner: string; readonly service: string } => {
  const name = service.replaceAll('-', '_');
  return { owner: `${name}_owner`, service: `${name}_service` };
};

const PROVISION_LOCK = 7_201_455; // any number; without the lock two processes that provision the same role would fail in the catalogue

/**
 * Makes a service's database, its owner and its least-privilege role. Can be repeated: the passwords are then changed.
 */
export async function provisionDatabase(options: ProvisionOptions): Promise<Provisioned> {
  const database = options.database ?? `opennrm_${options.service.replaceAll('-', '_')}`;
  const roles = rolesOf(options.service);
  const passwordOf = options.passwordOf ?? (() => randomBytes(24).toString('base64url'));
  const passwords = { owner: passwordOf(roles.owner), service: passwordOf(roles.service) };
  await asAdmin(options.adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [PROVISION_LOCK]);
    await setRole(admin, roles.owner, passwords.owner);
    await setRole(admin, roles.service, passwords.service);
    if (options.fresh) await dropDatabase(admin, database);
    await makeDatabase(admin, database, roles.owner);
    await closeToPublic(admin, database, roles);
  });
  await asAdmin(withDatabase(options.adminUrl, database), async (admin) => {
    await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    await admin.query(`GRANT USAGE ON SCHEMA public TO ${roles.service}`);
  });
  return {
    database,
    ownerUrl: withDatabase(options.adminUrl, database, {
      role: roles.owner,
      password: passwords.owner,
    }),
    serviceUrl: withDatabase(options.adminUrl, database, {
      role: roles.service,
      password: passwords.service,
    }),
  };
}

/** Only a service's own two roles may connect. A clone needs this again: a template does not pass on privileges. */
export async function closeToPublic(
  admin: pg.Client,
  database: string,
  roles: { readonly owner: string; readonly service: string },
): Promise<void> {
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.service}`);
}

/** The same server, another database and (when given) another role. */
export function withDatabase(
  url: string,
  database: string,
  as?: { readonly role: string; readonly password: string },
): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (as) {
    changed.username = as.role;
    changed.password = as.password;
  }
  return changed.href;
}

/** Runs `work` on one connection of the administrator, and closes it afterwards. */
export async function asAdmin<T>(
  adminUrl: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ ...longLimits, connectionString: adminUrl });
  admin.on('error', () => undefined); // the query under way reports it
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Drops a database even while clients are connected to it. */
export async function dropDatabase(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

async function setRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await admin.query(`${verb} ROLE ${role} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
}

async function makeDatabase(admin: pg.Client, database: string, owner: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [
    database,
  ]);
  if (rowCount !== 0) return;
  await admin.query(`GRANT ${owner} TO CURRENT_USER`); // an administrator who is not a superuser needs this to set the owner
  await admin.query(`CREATE DATABASE ${database} OWNER ${owner}`);
}
