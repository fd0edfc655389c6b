import { Metadata, status } from '@grpc/grpc-js';
import { ErrorInfo, RetryInfo } from '@opennrm/contracts/google/rpc/error_details.ts';
import { Status } from '@opennrm/contracts/google/rpc/status.ts';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { refused } from './answer.ts';
import { call, refusalOf } from './client.ts';
import {
  CounterClient,
  count,
  definition,
  ownerSql,
  startCounter,
  tokenOf,
  type Work,
} from './counter.fixture.ts';
import type { GrpcServer, GrpcSettings } from './server.ts';

let test: TestDatabase;
let [server, client]: [GrpcServer | undefined, CounterClient | undefined] = [undefined, undefined];
beforeAll(async () => {
  test = await testDatabase('messaging', { ownerSql });
});
afterAll(() => test.drop());
afterEach(async () => {
  client?.close();
  await server?.close();
});

async function counter(work?: Work, settings?: Partial<GrpcSettings>): Promise<CounterClient> {
  const started = await startCounter(test, work, settings);
  server = started.server;
  client = new CounterClient(started.address);
  return client;
}

interface Failure {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}
const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => Promise.reject(new Error('it was answered')),
    (error: Failure) => error,
  );
/** Sends a call as a foreign client does: with these headers and bytes, and no others. */
const bare = (
  one: CounterClient,
  headers: Record<string, string>,
  bytes: Buffer = Buffer.from('{"text":""}'),
) => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const { path, responseDeserialize } = definition.add;
  const send = () => bytes;
  return failureOf(
    new Promise((resolve, reject) => {
      one.makeUnaryRequest(path, send, responseDeserialize, null, metadata, {}, (error, given) =>
        error ? reject(error) : resolve(given),
      );
    }),
  );
};
const detailsOf = ({ metadata }: Failure) =>
  Status.decode(metadata.get('grpc-status-details-bin')[0] as Buffer).details;
const shortDeadline = { deadlineMs: 5_000 };

it('a bad request is answered with the field and the rule, not with the value that was sent', async () => {
  const failure = await failureOf(
    call(await counter(), 'add', { text: 'a story that is too long' }, tokenOf()),
  );
  expect(failure.code).toBe(status.INVALID_ARGUMENT);
  expect(failure.details).toBe('text: must be no longer than 20 characters');
});

it('the server answers INVALID_ARGUMENT to bytes that are not the message, and RESOURCE_EXHAUSTED to a message that is too large', async () => {
  const one = await counter();
  const good = { authorization: `Bearer ${tokenOf().token}`, 'idempotency-key': 'a-key-of-bytes' };
  const send = (bytes: Buffer): Promise<Failure> => bare(one, good, bytes);
  expect(await send(Buffer.from('{"text": their name'))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: 'request: must be a message of this rpc',
  });
  expect((await send(Buffer.alloc(8_000_000, ' '))).code).toBe(status.RESOURCE_EXHAUSTED);
});

it('a call requires a valid token with one of the roles of the rpc', async () => {
  const one = await counter();
  const nobody = await failureOf(call(one, 'add', { text: '' }, { token: 'nobody' }));
  expect(nobody.code).toBe(status.UNAUTHENTICATED);
  expect(nobody.details).not.toContain('nobody');
  expect((await bare(one, {})).code).toBe(status.UNAUTHENTICATED);
  expect((await bare(one, { authorization: 'Basic abc' })).code).toBe(status.UNAUTHENTICATED);
  const escort = await failureOf(call(one, 'add', { text: '' }, tokenOf('escort')));
  expect(escort).toMatchObject({
    code: status.PERMISSION_DENIED,
    details: 'wrong-role: this call is for caseworker',
  });
});

it('the server answers UNAVAILABLE, not UNAUTHENTICATED, while the keys to check a token are unavailable', async () => {
  const one = await counter();
  const failure = await bare(one, { authorization: 'Bearer keys-unavailable' });
  expect(status[failure.code]).toBe('UNAVAILABLE');
});

it('a command requires an idempotency key, and a read does not', async () => {
  const one = await counter();
  const failure = await failureOf(call(one, 'add', { text: '' }, { ...tokenOf(), key: 'short' }));
  expect(failure.code).toBe(status.INVALID_ARGUMENT);
  expect(failure.details).toMatch(/^idempotency-key \(metadata\): must be 8 to 100 letters/);
  const none = await bare(one, { authorization: `Bearer ${tokenOf().token}` });
  expect([none.code, none.details]).toEqual([failure.code, failure.details]);
  await expect(
    call(one, 'look', { text: '' }, { ...tokenOf(), key: 'short' }),
  ).resolves.toBeDefined();
});

it('a refusal is answered with status, reason and field', async () => {
  const no: Work = async (_tx, { text }) => refused(text, 'offer_id');
  const one = await counter(no);
  const statusFor = async (refusal: string) => {
    const failure = await failureOf(
      call(one, 'look', { text: refusal }, { ...tokenOf(), ...shortDeadline }),
    );
    const [info] = detailsOf(failure).map((detail) => ErrorInfo.decode(detail.value));
    expect(refusalOf(failure)).toBe(refusal);
    expect(info).toMatchObject({ domain: 'spec.opennrm', metadata: { field: 'offer_id' } });
    return status[failure.code];
  };
  expect(await statusFor('closed')).toBe('FAILED_PRECONDITION');
  expect(await statusFor('not-found')).toBe('NOT_FOUND');
  expect(await statusFor('key-reused')).toBe('ALREADY_EXISTS');
  expect(await statusFor('too-many')).toBe('RESOURCE_EXHAUSTED');
});

it('the refusal "not known yet" is answered with the time after which to retry', async () => {
  const one = await counter(async () => refused('not-known-yet'));
  const failure = await bare(one, {
    authorization: `Bearer ${tokenOf().token}`,
    'idempotency-key': 'a-key-to-keep',
  });
  expect(failure.code).toBe(status.UNAVAILABLE);
  const retry = detailsOf(failure).find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.RetryInfo'));
  expect(RetryInfo.decode(retry?.value ?? Buffer.of()).retryDelay).toEqual({
    seconds: 1n,
    nanos: 0,
  });
});

it('an unexpected error is answered with an incident id only, and the server continues', async () => {
  let failures = 1;
  const one = await counter(async (...given) => {
    if (failures-- > 0) throw new Error('this message contains a name');
    return count(...given);
  });
  const failure = await failureOf(call(one, 'add', { text: '' }, tokenOf()));
  expect(failure.code).toBe(status.INTERNAL);
  expect(failure.details).toMatch(
    /^the service failed; tell its operator the incident [0-9a-f-]{36}$/,
  );
  await expect(call(one, 'add', { text: '' }, tokenOf())).resolves.toBeDefined();
});

it.each([
  ['the network', 'EAI_AGAIN', 'UNAVAILABLE'],
  ['a failover', '25006', 'UNAVAILABLE'],
  ['a statement time-out', '57014', 'UNAVAILABLE'],
  ['an unknown error', 'SOMETHING_NEW', 'UNAVAILABLE'],
  ['data that violate a rule of the database', '23514', 'INTERNAL'],
  ['a statement that is wrong', '42703', 'INTERNAL'],
])('a call that fails because of %s (%s) is answered with %s', async (_what, code, answered) => {
  const one = await counter(async () => {
    throw Object.assign(new Error('reported by the driver'), { code });
  });
  const failure = await bare(one, {
    authorization: `Bearer ${tokenOf().token}`,
    'idempotency-key': 'a-key-of-bytes',
  });
  expect(status[failure.code]).toBe(answered);
});

it('the server limits the calls of one organisation in a second without limiting other organisations', async () => {
  const one = await counter(count, { callsPerSecond: 5 });
  const calls = await Promise.allSettled(
    Array.from({ length: 200 }, () => call(one, 'look', { text: '' }, tokenOf())),
  );
  const limited = calls.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Failure] : [],
  );
  expect(limited.length).toBeGreaterThanOrEqual(10);
  expect(new Set(limited.map(({ code }) => code))).toEqual(new Set([status.RESOURCE_EXHAUSTED]));
  const other = tokenOf('caseworker', '22222222-2222-4222-8222-222222222222');
  await expect(call(one, 'look', { text: '' }, other)).resolves.toBeDefined();
});

it('a closing server answers running calls and accepts no new ones', async () => {
  const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const one = await counter(async (...given) => {
    entered.resolve();
    await leave.promise;
    return count(...given);
  });
  const underWay = call(one, 'add', { text: '' }, tokenOf());
  await entered.promise;
  const closing = server?.close();
  const late = await failureOf(call(one, 'add', { text: '' }, { ...tokenOf(), deadlineMs: 300 }));
  expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).toContain(late.code);
  leave.resolve();
  await expect(underWay).resolves.toMatchObject({ count: expect.any(Number) });
  await closing;
});
