import {
  freePort,
  type SupervisedProcess,
  scratchDirectory,
  superviseProcess,
} from '@opennrm/infra/local';
import type { RestatePackages } from './packages.ts';

export interface RestateServer {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  readonly process: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * One node of Restate with its default settings: its log is in RocksDB, which waits for the disk at each commit. Only addresses and the
 * folder of its data are set.
 */
export async function startRestateServer({
  serverProgram,
}: RestatePackages): Promise<RestateServer> {
  const scratch = await scratchDirectory('restate');
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const adminUrl = `http://127.0.0.1:${admin}`;
  try {
    const server = await superviseProcess({
      name: 'bench-restate-server',
      command: serverProgram,
      args: ['--no-logo'],
      env: {
        RESTATE_BASE_DIR: scratch.path,
        RESTATE_NODE_NAME: 'bench',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_BIND_PORT: String(node),
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_LOG_FILTER: 'warn',
        DO_NOT_TRACK: '1',
      },
      readyUrl: `${adminUrl}/health`,
      readyWithin: 60_000,
    });
    return {
      ingressUrl: `http://127.0.0.1:${ingress}`,
      adminUrl,
      process: server,
      async stop() {
        await server.stop('SIGKILL');
        await scratch.remove();
      },
    };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}
