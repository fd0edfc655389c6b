import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

/** An echo server that records what it received. */
const received: string[] = [];
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (word) => {
    received.push(word.toString());
    socket.write(word);
  });
});
let proxy: TcpProxy;
let client: Socket;
let answers = '';

beforeEach(async () => {
  received.length = 0;
  answers = '';
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await tcpProxy({
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
  });
  client = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  client.on('data', (answer) => {
    answers += answer.toString();
  });
  await ask('hello');
  await vi.waitFor(() => expect(answers).toBe('hello'));
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

async function ask(word: string): Promise<void> {
  client.write(word);
  await vi.waitFor(() => expect(received.join('')).toContain(word));
}

it('dropAnswers drops an answer for ever, although the server received the request', async () => {
  proxy.dropAnswers();
  await ask('lost');
  proxy.restore();
  await ask('found');
  await vi.waitFor(() => expect(answers).toBe('hellofound'));
});

it('holdAnswers holds answers back, and restore passes them on in order', async () => {
  proxy.holdAnswers();
  await ask('one');
  await ask('two');
  expect(answers).toBe('hello');
  proxy.restore();
  await vi.waitFor(() => expect(answers).toBe('helloonetwo'));
});

it('delayAnswers delays each answer', async () => {
  proxy.delayAnswers(100);
  const asked = performance.now();
  await ask('late');
  await vi.waitFor(() => expect(answers).toBe('hellolate'));
  expect(performance.now() - asked).toBeGreaterThanOrEqual(95);
});

it('cutConnections ends a connection, and the proxy accepts a new one', async () => {
  const closed = once(client, 'close');
  proxy.cutConnections();
  await closed;
  const again = connect(proxy.port, '127.0.0.1');
  again.write('again');
  expect((await once(again, 'data')).toString()).toBe('again');
});
