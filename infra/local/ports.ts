import { createServer } from 'node:net';

/*
 * Below the ports that an operating system uses for outgoing connections (from 32768 on Linux, 49152 on macOS). Otherwise a client
 * that retries a stopped server could be given the port of that server.
 */
const FIRST = 20_000;
const LAST = 32_000;
const given = new Set<number>();

/** True when this machine can listen on the port, on the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/** A loopback port that nothing uses and that this process has not returned before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No free port between ${FIRST} and ${LAST} on 127.0.0.1; end some of the processes that use them.`,
  );
}
