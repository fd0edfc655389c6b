import { asAdmin, relayHolder as holderOf, type Replica } from '@opennrm/infra/local';
import pg from 'pg';
import { eventually, type World } from '../journeys/world.ts';

/** Waits until a replica of a service holds the relay lock. @returns that replica. */
export async function relayHolder(world: World, service: string): Promise<Replica> {
  return eventually(async () => {
    const { postgres } = world.platform;
    const holder = await holderOf(postgres.adminUrl, world.platform.service(service));
    if (!holder) throw new Error(`no replica of ${service} holds the relay lock`);
    return holder;
  });
}

/** A transaction that keeps the locks of a statement until `unlock`. */
export interface RowLock {
  unlock(): Promise<void>;
}

export async function lockRows(
  world: World,
  service: string,
  sql: string,
  values: unknown[] = [],
): Promise<RowLock> {
  const client = new pg.Client({ connectionString: world.platform.service(service).ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  const { rowCount } = await client.query(sql, values);
  const unlock = async (): Promise<void> => {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
  };
  world.onJourneyEnd(unlock); // also when the test fails
  if (rowCount === 0) throw new Error(`no rows to lock: ${sql}`);
  return { unlock };
}

/** Waits until a connection of the service waits for a lock. */
export const untilLockWait = (world: World, service: string): Promise<void> =>
  eventually(async () => {
    const waiting = await backends(world, service, `wait_event_type = 'Lock'`);
    if (waiting.length === 0) throw new Error('no connection waits for a lock');
  });

interface Backend {
  pid: number;
  application_name: string;
}

/** The connections of a service's processes. Only an administrator can list them. */
async function backends(world: World, service: string, where: string): Promise<Backend[]> {
  const database = new URL(world.platform.service(service).ownerUrl).pathname.slice(1);
  const sql = `SELECT pid, application_name FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE $2 AND ${where}`;
  return asAdmin(world.platform.postgres.adminUrl, async (admin) => {
    const { rows } = await admin.query<Backend>(sql, [database, `${service} %`]);
    return rows;
  });
}

/**
 * Kills every process of a service at the same time; each is restarted by its supervisor. Their statements that still wait for a lock at the server
 * are ended too, as if they had never been sent.
 */
export async function killAll(world: World, service: string): Promise<void> {
  const waiting = await backends(world, service, `wait_event_type = 'Lock'`);
  await Promise.all(
    world.platform.service(service).replicas.map(({ process }) => process.kill('SIGKILL')),
  );
  await asAdmin(world.platform.postgres.adminUrl, (admin) =>
    admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [
      waiting.map(({ pid }) => pid),
    ]),
  );
}

export async function untilReady(world: World, service: string): Promise<void> {
  await Promise.all(
    world.platform.service(service).replicas.map(({ process }) => process.whenReady()),
  );
}

/** Stops every process of a service with SIGTERM, until `startAll`. */
export async function stopAll(world: World, service: string): Promise<void> {
  const { replicas } = world.platform.service(service);
  world.onJourneyEnd(() => startAll(world, service)); // also when the test fails
  await Promise.all(replicas.map(({ process }) => process.stop('SIGTERM')));
}

export async function startAll(world: World, service: string): Promise<void> {
  await Promise.all(world.platform.service(service).replicas.map(({ process }) => process.start()));
}
