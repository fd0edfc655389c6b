import { once } from 'node:events';
import { connect } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { type HealthServer, serveHealth } from './health.ts';
import { notReadyReason } from './process.ts';

let health: HealthServer | undefined;
afterEach(() => health?.close());

let why: string | undefined;
const condition = {
  notReadyReason: () => why,
  parts: () => ({ relay: { moving: true, lastMovedSeconds: 0.1 } }),
};

async function serve(registry = new Registry()): Promise<HealthServer> {
  health = await serveHealth('127.0.0.1', 0, registry, condition);
  return health;
}
async function get(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${health?.port}${path}`);
  return { status: response.status, text: await response.text() };
}

it('a process is live from the start, and ready only after it is set ready', async () => {
  const { setReady } = await serve();
  expect(await get('/live')).toEqual({ status: 200, text: 'live\n' });
  expect((await get('/ready')).status).toBe(503);
  setReady(true);
  expect(await get('/ready')).toEqual({ status: 200, text: 'ready\n' });
});

it('a stopping process is not ready but still live', async () => {
  const { setReady } = await serve();
  setReady(true);
  setReady(false);
  expect(await get('/ready')).toEqual({ status: 503, text: 'starting or stopping\n' });
  expect((await get('/live')).status).toBe(200);
});

it('a process is not ready while calls cannot be answered, reports why, and becomes ready again by itself', async () => {
  const { setReady } = await serve();
  setReady(true);
  why = 'the database does not answer';
  expect(await get('/ready')).toEqual({ status: 503, text: 'the database does not answer\n' });
  expect((await get('/live')).status).toBe(200);
  why = undefined;
  expect((await get('/ready')).status).toBe(200);
});

it('readiness depends on the database only: a stalled consumer, relay or timers do not refuse calls', () => {
  const ages: Record<string, number> = {
    database: 1,
    consumer: 3_600,
    relay: 3_600,
    timers: 3_600,
  };
  const parts = { ageOf: (name: string) => ages[name] };
  expect(notReadyReason(parts)).toBeUndefined();
  ages.database = 7;
  expect(notReadyReason(parts)).toBe('the database does not answer, or takes no writes');
});

it('/parts shows each part of the process as JSON', async () => {
  await serve();
  const { status, text } = await get('/parts');
  expect([status, JSON.parse(text)]).toEqual([
    200,
    { relay: { moving: true, lastMovedSeconds: 0.1 } },
  ]);
});

it('/metrics shows the metrics in the format of Prometheus, with any query', async () => {
  const registry = new Registry();
  new Gauge({ name: 'opennrm_spec', help: 'spec', registers: [registry] }).set(3);
  await serve(registry);
  expect((await get('/metrics?name[]=x')).text).toContain('opennrm_spec 3');
});

it('a failed scrape is answered with status 500 and without the reason', async () => {
  const registry = new Registry();
  const collect = (): never => {
    throw new Error('this message contains a name');
  };
  new Gauge({ name: 'opennrm_spec', help: 'spec', registers: [registry], collect });
  await serve(registry);
  expect(await get('/metrics')).toEqual({ status: 500, text: '' });
  expect((await get('/live')).status).toBe(200);
});

it('any other path is answered with 404', async () => {
  await serve();
  expect(await get('/')).toEqual({ status: 404, text: '' });
  expect((await get('/live/more')).status).toBe(404);
});

it('serveHealth rejects when its port is in use', async () => {
  const { port } = await serve();
  await expect(serveHealth('127.0.0.1', port, new Registry(), condition)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

it('the health server closes also while a client is in the middle of a request', async () => {
  const { port, close } = await serve();
  const slow = connect(port, '127.0.0.1').on('error', () => undefined);
  const ended = once(slow, 'close');
  slow.write('GET /live HTTP/1.1\r\nHost: spec\r\n\r\n');
  await once(slow, 'data');
  slow.write('GET /live HTTP/1.1\r\n');
  await get('/live'); // by now the server has received the half request
  health = undefined;
  await Promise.all([close(), ended]);
}, 2_000);
