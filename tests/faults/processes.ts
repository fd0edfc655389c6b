import { asAdmin, relayHolder as holderOf, type Replica } from '@opennrm/infra/local';
import pg from 'pg';
import { eventually, type World } from '../journeys/world.ts';

/** Waits until somebody sends for a service. */
export async function relayHolder(world: World, service: string): Promise<Replica> {
  return eventually(async () => {
    const { postgres } = world.platform;
    const holder = await holderOf(postgres.adminUrl, world.platform.service(service));
    if (!holder) throw new Error(`nobody sends for ${service}`);
    return holder;
  });
}

/** A transaction that holds what `sql` locks until it is let go. */
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
  world.onJourneyEnd(unlock); // also when the journey fails
  if (rowCount === 0) throw new Error(`nothing to hold: ${sql}`);
  return { unlock };
}

/** Somebody of the service stands before what is held. */
export const untilLockWait = (world: World, service: string): Promise<void> =>
  eventually(async () => {
    const waiting = await backends(world, service, `wait_event_type = 'Lock'`);
    if (waiting.length === 0) throw new Error('nobody waits for a lock');
  });

interface Backend {
  pid: number;
  application_name: string;
}

/** The connections of a service's processes, as only an administrator sees them. */
async function backends(world: World, service: string, where: string): Promise<Backend[]> {
  const database = new URL(world.platform.service(service).ownerUrl).pathname.slice(1);
  const sql = `SELECT pid, application_name FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE $2 AND ${where}`;
  return asAdmin(world.platform.postgres.adminUrl, async (admin) => {
    const { rows } = await admin.query<Backend>(sql, [database, `${service} %`]);
    return rows;
  });
}

/**
 * Kills every process of a service at once; each comes back by itself. A statement of theirs that still waits at the server for a lock ends with
 * them, as if it had never reached it.
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

/** Ends every process of a service in order; it stays away until `startAll`. */
export async function stopAll(world: World, service: string): Promise<void> {
  const { replicas } = world.platform.service(service);
  world.onJourneyEnd(() => startAll(world, service)); // also when the journey fails
  await Promise.all(replicas.map(({ process }) => process.stop('SIGTERM')));
}

export async function startAll(world: World, service: string): Promise<void> {
  await Promise.all(world.platform.service(service).replicas.map(({ process }) => process.start()));
}
