import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type MethodDefinition,
} from '@grpc/grpc-js';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { Histogram, Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { instant } from '../decision.ts';
import { createLog } from '../log.ts';
import { answer } from './answer.ts';
import { exchange } from './rpc.ts';
import { GrpcServer } from './server.ts';

interface TestRecord {
  readonly text: string;
  readonly size: number;
}
interface TestAnswer {
  readonly at: number;
  readonly wrong: readonly string[];
}

const json = {
  write: (value: object) => Buffer.from(JSON.stringify(value)),
  read: (bytes: Buffer) => JSON.parse(bytes.toString()),
};
const definition = {
  submit: {
    path: '/spec.Submitter/Submit',
    requestStream: true,
    responseStream: true,
    requestSerialize: json.write,
    requestDeserialize: json.read,
    responseSerialize: json.write,
    responseDeserialize: json.read,
  } as MethodDefinition<TestRecord, TestAnswer>,
};

let test: TestDatabase;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  test = await testDatabase('messaging');
});
afterAll(() => test.drop());
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Each record is answered with the moment of its handling. Every reading of the clock is one moment later. */
async function openStream(
  callsPerSecond: number,
): Promise<ClientDuplexStream<TestRecord, TestAnswer>> {
  let moment = 0;
  const schema = z.object({
    text: z.string().min(1, 'must not be empty'),
    size: z.number().max(9, 'must be at most 9'),
  });
  const server = new GrpcServer({
    domain: 'spec.opennrm',
    database: test.database,
    log: createLog('spec', 'silent'),
    callsPerSecond,
    access: { '/spec.Submitter/Submit': { roles: ['caseworker'], command: true } },
    clock: { now: () => instant(++moment), realDelayUntil: () => 0 },
    latency: new Histogram({
      name: 'spec',
      help: 'spec',
      labelNames: ['rpc', 'code'] as const,
      registers: [new Registry()],
    }),
    verify: async () => ({ person: 'p', organisation: 'o', role: 'caseworker' }),
    desks: (role) => role,
  }).add(definition, {
    submit: exchange(
      schema,
      async (_tx, _record, { at }) => answer({ at, wrong: [] }),
      (_record, _refusal, _field, problems) => ({
        at: 0,
        wrong: problems.map(({ field }) => field),
      }),
    ),
  });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  const client = new Client(address, credentials.createInsecure());
  open.push(server, client);
  const { path, requestSerialize, responseDeserialize } = definition.submit;
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer one');
  return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
}

async function answersTo(
  line: ClientDuplexStream<TestRecord, TestAnswer>,
  records: readonly TestRecord[],
): Promise<TestAnswer[]> {
  const answers: TestAnswer[] = [];
  const over = new Promise<void>((resolve, reject) => line.on('end', resolve).on('error', reject));
  line.on('data', (one: TestAnswer) => answers.push(one));
  for (const one of records) line.write(one);
  line.end();
  await over;
  return answers;
}
const fine = { text: 'a', size: 1 };

it('each record of a stream is handled in order, with its own moment', async () => {
  const moments = (await answersTo(await openStream(1_000), [fine, fine, fine])).map(
    ({ at }) => at,
  );
  expect(new Set(moments).size).toBe(3);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
});

it('each record counts for the rate of its organisation, so a fast stream waits and loses no record', async () => {
  const began = performance.now();
  expect(
    await answersTo(
      await openStream(5),
      Array.from({ length: 11 }, () => fine),
    ),
  ).toHaveLength(11);
  expect(performance.now() - began).toBeGreaterThan(1_000);
});

it('a wrong record is answered with all its problems, and the next record is handled', async () => {
  const answers = await answersTo(await openStream(1_000), [{ text: '', size: 10 }, fine]);
  expect(answers.map(({ wrong }) => wrong)).toEqual([['text', 'size'], []]);
});
