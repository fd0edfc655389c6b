import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pauseFor } from 'node:timers/promises';

/** A proxy between a client and a server that can disturb their connection. */
export interface TcpProxy {
  readonly port: number;
  /** Drops the answers of the server from now on: the server has done the work, and the client never receives the answer. */
  dropAnswers(): void;
  /** Holds answers back, in order, until `restore`. */
  holdAnswers(): void;
  /** Sends each answer this many milliseconds after the one before it. */
  delayAnswers(milliseconds: number): void;
  /** Ends every connection; new ones are accepted. */
  cutConnections(): void;
  /** Passes everything on again, held answers first; dropped answers are lost. */
  restore(): void;
  close(): Promise<void>;
}

export async function tcpProxy(options: {
  readonly port?: number;
  readonly target: { readonly host: string; readonly port: number };
}): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let isDropping = false;
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
      if (isDropping) return;
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
      isDropping = true;
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
      isDropping = false;
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
