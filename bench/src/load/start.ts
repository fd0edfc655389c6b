import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort, type SupervisedProcess, superviseProcess } from '@opennrm/infra/local';

/** A process of the bench that answers calls of `line-client.ts`. */
export interface Started {
  readonly port: number;
  readonly process: SupervisedProcess;
}

/** Starts a file of `bench/src` as a process of its own and waits until it accepts calls. The process reads its port from `PORT`. */
export async function startProcess(
  name: string,
  file: string,
  settings: Readonly<Record<string, string>>,
): Promise<Started> {
  const port = await freePort();
  const process_ = await superviseProcess({
    name: `bench-${name}`,
    command: process.execPath,
    args: [
      '--disable-warning=TimeoutNegativeWarning',
      fileURLToPath(new URL(`../${file}`, import.meta.url)),
    ],
    env: { PORT: String(port), KAFKAJS_NO_PARTITIONER_WARNING: '1', ...settings },
    isReady: () => answers(port),
    readyWithin: 60_000,
  });
  return { port, process: process_ };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** The process ids of a system, by name. */
export const pidsOf = (processes: Readonly<Record<string, Started>>): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(processes).map(([name, one]) => {
      const pid = one.process.pid();
      return [name, pid === undefined ? [] : [pid]];
    }),
  );

/** Reads a setting that the launcher always gives. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set; the bench starts this process itself`);
  return value;
}
