import { once } from 'node:events';
import { connect } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { type HealthServer, serveHealth } from './health.ts';

let health: HealthServer | undefined;
afterEach(() => health?.close());

async function serve(registry = new Registry()): Promise<HealthServer> {
  health = await serveHealth('127.0.0.1', 0, registry);
  return health;
}
async function get(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${health?.port}${path}`);
  return { status: response.status, text: await response.text() };
}

it('is alive from the first moment, and ready only once it is said so', async () => {
  const { setReady } = await serve();
  expect(await get('/live')).toEqual({ status: 200, text: 'live\n' });
  expect((await get('/ready')).status).toBe(503);
  setReady(true);
  expect(await get('/ready')).toEqual({ status: 200, text: 'ready\n' });
});

it('is not ready any more while it stops, and still alive', async () => {
  const { setReady } = await serve();
  setReady(true);
  setReady(false);
  expect(await get('/ready')).toEqual({ status: 503, text: 'starting or stopping\n' });
  expect((await get('/live')).status).toBe(200);
});

it('shows the metrics as Prometheus reads them, whatever is asked behind the path', async () => {
  const registry = new Registry();
  new Gauge({ name: 'opennrm_spec', help: 'spec', registers: [registry] }).set(3);
  await serve(registry);
  expect((await get('/metrics?name[]=x')).text).toContain('opennrm_spec 3');
});

it('fails a scrape that cannot be made, without a word of why, and goes on', async () => {
  const registry = new Registry();
  const collect = (): never => {
    throw new Error('her name stands in this message');
  };
  new Gauge({ name: 'opennrm_spec', help: 'spec', registers: [registry], collect });
  await serve(registry);
  expect(await get('/metrics')).toEqual({ status: 500, text: '' });
  expect((await get('/live')).status).toBe(200);
});

it('knows nothing else', async () => {
  await serve();
  expect(await get('/')).toEqual({ status: 404, text: '' });
  expect((await get('/live/more')).status).toBe(404);
});

it('says that its port is taken', async () => {
  const { port } = await serve();
  await expect(serveHealth('127.0.0.1', port, new Registry())).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('closes also while somebody is in the middle of a request', async () => {
  const { port, close } = await serve();
  const slow = connect(port, '127.0.0.1').on('error', () => undefined);
  const ended = once(slow, 'close');
  slow.write('GET /live HTTP/1.1\r\nHost: spec\r\n\r\n');
  await once(slow, 'data');
  slow.write('GET /live HTTP/1.1\r\n');
  await get('/live'); // by then the half of a request has come
  health = undefined;
  await Promise.all([close(), ended]);
}, 2_000);
