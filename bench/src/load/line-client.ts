import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { System } from './system.ts';

/**
 * Sends one line and reads one line back. It costs almost nothing, so the transport never slows a system that is compared with the
 * platform.
 */
export interface LineClient {
  ask(method: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  close(): void;
}

export async function connectLine(port: number): Promise<LineClient> {
  const socket = await opened(port);
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let last = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const { nth, error } = JSON.parse(line) as { nth: number; error?: string };
    const asked = waiting.get(nth);
    waiting.delete(nth);
    if (error === undefined) asked?.resolve();
    else asked?.reject(new Error(error));
  });
  const broken = (): void => {
    for (const one of waiting.values()) one.reject(new Error('the line broke'));
    waiting.clear();
  };
  socket.on('close', broken).on('error', broken);
  return {
    ask(method, body) {
      const asked = Promise.withResolvers<void>();
      waiting.set(++last, asked);
      socket.write(`${JSON.stringify({ nth: last, method, body })}\n`);
      return asked.promise;
    },
    close: () => socket.destroy(),
  };
}

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });

export async function lineSystem(port: number): Promise<System> {
  const line = await connectLine(port);
  return {
    request: (id, nth) => line.ask('request', { id, nth }),
    accept: ({ id, offer }) => line.ask('accept', { id, offer }),
    close: () => line.close(),
  };
}
