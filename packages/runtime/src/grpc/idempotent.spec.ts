import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { asAdmin } from '@opennrm/infra/local';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { answer, refused } from './answer.ts';
import { call, refusalOf } from './client.ts';
import {
  CounterClient,
  count,
  ownerSql,
  startCounter,
  tokenOf,
  type Work,
} from './counter.fixture.ts';
import { deleteOldAnswers } from './idempotent.ts';
import type { GrpcServer } from './server.ts';

let test: TestDatabase;
let [server, client]: [GrpcServer | undefined, CounterClient | undefined] = [undefined, undefined];
beforeAll(async () => {
  test = await testDatabase('messaging', { ownerSql });
});
afterAll(() => test.drop());
beforeEach(() => test.database.query('DELETE FROM answered_commands'));
afterEach(async () => {
  client?.close();
  await server?.close();
});

async function counter(work: Work = count): Promise<CounterClient> {
  const started = await startCounter(test, work);
  server = started.server;
  client = new CounterClient(started.address);
  return client;
}
const rowsIn = async (table: string): Promise<number> =>
  (await test.database.query(`SELECT 1 FROM ${table}`)).rowCount ?? 0;

it('a command with the same key gets the same answer, and its work is done once', async () => {
  const one = await counter();
  const before = await rowsIn('counted');
  const sent = { ...tokenOf(), key: randomUUID() };
  const first = await call(one, 'add', { text: 'a' }, sent);
  expect(await call(one, 'add', { text: 'a' }, sent)).toEqual(first);
  expect(await rowsIn('counted')).toBe(before + 1);
});

it('a command with the same key gets the same refusal, even when it would be accepted now', async () => {
  let [asked, refusing] = [0, true];
  const one = await counter(async () => {
    asked++;
    return refusing ? refused('closed', 'offer_id') : answer({ count: 0 });
  });
  const sent = { ...tokenOf(), key: randomUUID() };
  const refusal = () => call(one, 'add', { text: 'a' }, sent).then(() => 'accepted', refusalOf);
  expect(await refusal()).toBe('closed');
  refusing = false;
  expect(await refusal()).toBe('closed');
  expect(asked).toBe(1);
});

it('a repeated refusal names the same fields as the stored one', async () => {
  const problems = [{ field: 'gender', rule: 'must be answered' }];
  const one = await counter(async () => ({ ...refused('form-incomplete', 'answers'), problems }));
  const sent = { ...tokenOf(), key: randomUUID() };
  const detailsOfCall = () =>
    call(one, 'add', { text: 'a' }, sent).catch(({ details }: { details: string }) => details);
  expect(await detailsOfCall()).toBe('form-incomplete: answers; gender: must be answered');
  expect(await detailsOfCall()).toBe('form-incomplete: answers; gender: must be answered');
});

it('another body with the same key is refused, and another organisation may use the same key', async () => {
  const one = await counter();
  const key = randomUUID();
  await call(one, 'add', { text: 'a' }, { ...tokenOf(), key });
  const other = call(one, 'add', { text: 'b' }, { ...tokenOf(), key });
  await expect(other).rejects.toMatchObject({
    code: status.ALREADY_EXISTS,
    details: 'key-reused: idempotency-key',
  });
  const stranger = tokenOf('caseworker', randomUUID());
  await expect(call(one, 'add', { text: 'b' }, { ...stranger, key })).resolves.toBeDefined();
});

it('a command that is sent ten times at the same moment runs once', async () => {
  const one = await counter();
  const before = await rowsIn('counted');
  const sent = { ...tokenOf(), key: randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call(one, 'add', { text: 'a' }, sent)),
  );
  expect(new Set(answers.map(({ count: number }) => number)).size).toBe(1);
  expect(await rowsIn('counted')).toBe(before + 1);
});

it('the refusal "not known yet" is not stored, so the client repeats the command with the same key until it succeeds', async () => {
  let asked = 0;
  const one = await counter(async (...given) =>
    ++asked < 3 ? refused('not-known-yet', 'hold_id') : count(...given),
  );
  await expect(
    call(one, 'add', { text: 'a' }, { ...tokenOf(), key: randomUUID() }),
  ).resolves.toBeDefined();
  expect(asked).toBe(3);
});

it('a call gives up at the deadline of the whole call, and retries only UNAVAILABLE', async () => {
  const asked: string[] = [];
  const one = await counter(async (_tx, { text }) => {
    asked.push(text);
    return refused(text);
  });
  const code = (text: string, deadlineMs: number): Promise<status> =>
    call(one, 'add', { text }, { ...tokenOf(), deadlineMs }).then(
      () => status.OK,
      (error: { code: status }) => error.code,
    );
  expect(await code('closed', 60_000)).toBe(status.FAILED_PRECONDITION);
  expect(asked).toEqual(['closed']);
  expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).toContain(
    await code('not-known-yet', 4_000),
  );
  expect(asked.length).toBeGreaterThan(2);
});

it('a failed command leaves no effect, and a failed read neither', async () => {
  const one = await counter(async (...given) => {
    await count(...given);
    throw new Error('after the work');
  });
  const before = await rowsIn('counted');
  await expect(call(one, 'add', { text: 'a' }, tokenOf())).rejects.toMatchObject({
    code: status.INTERNAL,
  });
  await expect(call(one, 'look', { text: 'a' }, tokenOf())).rejects.toMatchObject({
    code: status.INTERNAL,
  });
  expect([await rowsIn('counted'), await rowsIn('answered_commands')]).toEqual([before, 0]);
});

it('stored answers are deleted after seven days', async () => {
  const one = await counter();
  await call(one, 'add', { text: 'a' }, tokenOf());
  await call(one, 'look', { text: 'a' }, tokenOf());
  expect(await rowsIn('answered_commands')).toBe(1);
  await deleteOldAnswers(test.database);
  expect(await rowsIn('answered_commands')).toBe(1);
  const old = `UPDATE answered_commands SET answered_at = now() - interval '8 days'`;
  await asAdmin(test.ownerUrl, (owner) => owner.query(old));
  await deleteOldAnswers(test.database);
  expect(await rowsIn('answered_commands')).toBe(0);
});

it('a call rejects with the last error when the deadline passes in a later try', async () => {
  let asked = 0;
  const held = Promise.withResolvers<void>();
  const one = await counter(async () => {
    if (asked++ === 0) return refused('not-known-yet', 'service_id');
    await held.promise;
    return answer({ count: 0 });
  });
  const refusal = await call(one, 'add', { text: 'a' }, { ...tokenOf(), deadlineMs: 3_000 }).catch(
    refusalOf,
  );
  held.resolve();
  expect([refusal, asked]).toEqual(['not-known-yet', 2]);
});
