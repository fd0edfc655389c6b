import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '@opennrm/infra/local';
import { type TcpProxy, tcpProxy } from '@opennrm/testkit';

/** What the processes of one service find around them, for a test to spoil. */
export interface ServiceFaults {
  /** For the platform: the service's database is behind a proxy, by a name that has to be resolved. */
  readonly environment: (service: string, databaseUrl: string) => Record<string, string>;
  readonly database: TcpProxy;
  /** Name resolution fails (EAI_AGAIN) from now on, or works again. */
  setNameResolution(works: boolean): Promise<void>;
  /** The wall clock of the processes is ahead of this machine's from now on. Milliseconds. */
  setClockAhead(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startServiceFaults(faulty: string): Promise<ServiceFaults> {
  const target = { host: '127.0.0.1', port: 0 };
  const database = await tcpProxy({ target });
  const folder = await mkdtemp(join(tmpdir(), 'surroundings-'));
  const file = join(folder, 'state.json');
  const state = { unresolved: false, aheadMs: 0 };
  const write = (): Promise<void> => writeFile(file, JSON.stringify(state));
  await write();
  return {
    database,
    environment(service, databaseUrl): Record<string, string> {
      if (service !== faulty) return {};
      const url = new URL(databaseUrl);
      target.port = Number(url.port);
      [url.hostname, url.port] = ['localhost', String(database.port)];
      return {
        DATABASE_URL: url.href,
        FAULT_STATE_FILE: file,
        NODE_OPTIONS: `--import=${inRepository('tests/faults/faulty-process.ts')}`,
      };
    },
    setNameResolution: (works) => {
      state.unresolved = !works;
      return write();
    },
    setClockAhead: (milliseconds) => {
      state.aheadMs = milliseconds;
      return write();
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
