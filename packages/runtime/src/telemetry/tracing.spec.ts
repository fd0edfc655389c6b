import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { call } from '../grpc/client.ts';
import {
  CounterClient,
  count,
  ownerSql,
  startCounter,
  tokenOf,
  type Work,
} from '../grpc/counter.fixture.ts';
import type { Log } from '../log.ts';
import { currentTrace, inSpan } from './span.ts';
import { startTracing } from './tracing.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly attributes: readonly { readonly key: string }[];
}

let test: TestDatabase;
let backend: Server | undefined;
const bodies: string[] = [];
const warnings: string[] = [];
const log = { warn: (text: string) => void warnings.push(text) } as unknown as Log;
const stops: (() => Promise<unknown> | undefined)[] = [];
beforeAll(async () => {
  test = await testDatabase('messaging', { ownerSql });
});
afterAll(() => test.drop());
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  backend?.closeAllConnections();
  backend?.close();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  bodies.length = 0;
  warnings.length = 0;
});

/** A backend for OTLP over HTTP, as JSON. A `silent` one receives and never answers. */
async function listen(kind: 'answers' | 'silent'): Promise<void> {
  backend = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push(body);
      if (kind === 'answers')
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => backend?.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
}

/** A service with tracing, and a client of it. @returns a function that ends the tracing, which sends the remaining spans. */
async function traced(
  work: Work = count,
): Promise<{ client: CounterClient; end: () => Promise<void> }> {
  const end = startTracing('spec', log) ?? (async () => undefined);
  stops.push(end);
  const { server, address } = await startCounter(test, work);
  const client = new CounterClient(address);
  stops.push(async () => {
    client.close();
    await server.close();
  });
  return { client, end };
}

const spans = (): Span[] =>
  bodies.flatMap((body) =>
    (
      JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }
    ).resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)),
  );

it('a call and its transaction are traced, without the content of the request or the text of an error', async () => {
  await listen('answers');
  const story = 'made-up Hildegard';
  const { client, end } = await traced(async (tx, request, of) => {
    if (request.text === story) throw new Error(`${story} is in this message`);
    return count(tx, request, of);
  });
  await call(client, 'add', { text: 'first words' }, tokenOf());
  await expect(call(client, 'add', { text: story }, tokenOf())).rejects.toThrow('incident');
  await end();
  const found = spans();
  const [called] = found.filter((span) => span.name === 'call');
  expect(
    found.filter((span) => span.name === 'transaction' && span.traceId === called?.traceId),
  ).toHaveLength(1);
  expect(found.map((span) => span.name).sort()).toEqual([
    'call',
    'call',
    'transaction',
    'transaction',
  ]);
  for (const words of ['Hildegard', 'first words', tokenOf().token])
    expect(bodies.join()).not.toContain(words);
  const keys = new Set(found.flatMap((span) => span.attributes.map(({ key }) => key)));
  expect([...keys].sort()).toEqual(['error.type', 'rpc.method']);
});

it('a root span begins a new trace that is linked to the traces of this service that caused it', async () => {
  await listen('answers');
  const { end } = await traced();
  let before: string | undefined;
  await inSpan('call', {}, async () => {
    before = currentTrace();
    await inSpan('relay', { messages: 1 }, async () => undefined, {
      root: true,
      from: [before ?? '', 'no trace'],
    });
  });
  await end();
  const [relay] = spans().filter((span) => span.name === 'relay');
  expect(relay?.parentSpanId ?? '').toBe('');
  expect(relay?.links?.map((link) => link.traceId)).toEqual([before?.split('-')[1]]);
  expect(relay?.traceId).not.toBe(before?.split('-')[1]);
});

it('a backend that is away costs only a warning, and no call waits for a backend that never answers', async () => {
  await listen('silent');
  const { client } = await traced();
  for (let nth = 0; nth < 50; nth++) await call(client, 'look', { text: '' }, tokenOf());
  backend?.closeAllConnections();
  backend?.close();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:1';
  for (const stop of stops.splice(0).reverse()) await stop();
  const { client: other, end } = await traced();
  for (let nth = 0; nth < 50; nth++) await call(other, 'look', { text: '' }, tokenOf());
  await end();
  expect(warnings.length).toBeGreaterThan(0);
  expect(new Set(warnings)).toEqual(
    new Set(['traces cannot be delivered; nothing else is affected']),
  );
});

it('nothing is traced when tracing is not configured', async () => {
  expect(startTracing('spec', log)).toBeUndefined();
  await inSpan('call', {}, async () => expect(currentTrace()).toBeUndefined());
});
