import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pauseFor } from 'node:timers/promises';

/** Stands between a client and a server and misbehaves on demand. */
export interface TcpProxy {
  readonly port: number;
  /** From now on what the server answers is thrown away: it has done what was asked, and nobody hears of it. */
  dropAnswers(): void;
  /** Keeps answers back, in order, until `restore`. */
  holdAnswers(): void;
  /** Each answer leaves this much later than the one before it was passed on; milliseconds. */
  delayAnswers(milliseconds: number): void;
  /** Cuts every connection; new ones are taken. */
  cutConnections(): void;
  /** Passes everything on again, what was held first; what was swallowed is gone. */
  restore(): void;
  close(): Promise<void>;
}

export async function tcpProxy(options: {
  readonly port?: number;
  readonly target: { readonly host: string; readonly port: number };
}): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let swallowing = false;
  let delay = 0;
  let released = Promise.resolve();
  let release = (): void => undefined;
  const server = createServer((client) => {
    const upstream = connect(options.target);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    let passed = Promise.resolve();
    upstream.on('data', (answer) => {
      if (swallowing) return;
      passed = passed
        .then(() => released)
        .then(() => (delay > 0 ? pauseFor(delay) : undefined))
        .then(() => void client.write(answer));
    });
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  );
  const address = server.address();
  const cutConnections = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    dropAnswers: () => {
      swallowing = true;
    },
    holdAnswers: () => {
      release();
      released = new Promise((resolve) => {
        release = resolve;
      });
    },
    delayAnswers: (milliseconds) => {
      delay = milliseconds;
    },
    cutConnections,
    restore: () => {
      swallowing = false;
      delay = 0;
      release();
    },
    close: () =>
      new Promise((resolve) => {
        cutConnections();
        server.close(() => resolve());
      }),
  };
}
