import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server and misbehaves on demand. */
export interface TcpProxy {
  readonly port: number;
  /** From now on what the server answers is thrown away: it has done what was asked, and nobody hears of it. */
  swallowAnswers(): void;
  /** Cuts every connection; new ones are taken. */
  sever(): void;
  /** Passes everything on again. */
  restore(): void;
  close(): Promise<void>;
}

export async function tcpProxy(options: {
  readonly port?: number;
  readonly target: { readonly host: string; readonly port: number };
}): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let swallowing = false;
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
    upstream.on('data', (answer) => {
      if (!swallowing) client.write(answer);
    });
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  );
  const address = server.address();
  const sever = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    swallowAnswers: () => {
      swallowing = true;
    },
    sever,
    restore: () => {
      swallowing = false;
    },
    close: () =>
      new Promise((resolve) => {
        sever();
        server.close(() => resolve());
      }),
  };
}
