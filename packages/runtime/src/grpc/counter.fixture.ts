import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js';
import type { TestDatabase } from '@opennrm/testkit';
import { Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { instant } from '../decision.ts';
import { createLog } from '../log.ts';
import { KeysUnavailable } from '../signing-keys.ts';
import type { Transaction } from '../unit-of-work.ts';
import { type Answer, answer, type Call } from './answer.ts';
import { unary } from './rpc.ts';
import { GrpcServer, type GrpcSettings } from './server.ts';

export interface Request {
  readonly text: string;
}
export interface Response {
  readonly count: number;
}

const method = <In, Out>(path: string): MethodDefinition<In, Out> => ({
  path,
  requestStream: false,
  responseStream: false,
  requestSerialize: (value) => Buffer.from(JSON.stringify(value)),
  requestDeserialize: (bytes) => JSON.parse(bytes.toString()) as In,
  responseSerialize: (value) => Buffer.from(JSON.stringify(value)),
  responseDeserialize: (bytes) => JSON.parse(bytes.toString()) as Out,
});

/** A service with two rpcs and JSON messages: a command that counts, and a read. */
export const definition = {
  add: method<Request, Response>('/spec.Counter/Add'),
  look: method<Request, Response>('/spec.Counter/Look'),
};
const access = {
  '/spec.Counter/Add': { roles: ['caseworker'], command: true },
  '/spec.Counter/Look': { roles: ['caseworker'], command: false },
};

export type Work = (tx: Transaction, request: Request, call: Call) => Promise<Answer<Response>>;

/** The table that the counting command writes. */
export const ownerSql = `CREATE TABLE counted (id bigserial PRIMARY KEY); GRANT SELECT, INSERT ON counted TO messaging_service; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO messaging_service`;

export const count: Work = async (tx) => {
  await tx.query('INSERT INTO counted DEFAULT VALUES');
  const { rows } = await tx.query<{ count: number }>('SELECT count(*)::int AS count FROM counted');
  return answer({ count: rows[0]?.count ?? 0 });
};

export const caseworker = '11111111-1111-4111-8111-111111111111';

/** Tokens of this fixture are `<organisation> <role>`; real tokens are tested in `identity.spec.ts`. */
export const tokenOf = (
  role = 'caseworker',
  organisation = caseworker,
): { readonly token: string } => ({
  token: `${organisation} ${role}`,
});

/** Starts the counter on a free port. */
export async function startCounter(
  { database }: Pick<TestDatabase, 'database'>,
  work: Work = count,
  settings: Partial<GrpcSettings> = {},
): Promise<{ readonly server: GrpcServer; readonly address: string }> {
  const schema = z.object({ text: z.string().max(20, 'must be no longer than 20 characters') });
  const server = new GrpcServer({
    domain: 'spec.opennrm',
    access,
    database,
    clock: { now: () => instant(1), realDelayUntil: () => 0 },
    log: createLog('spec', 'silent'),
    callsPerSecond: 1_000,
    ...settings,
    latency: new Histogram({
      name: 'spec',
      help: 'spec',
      labelNames: ['rpc', 'code'] as const,
      registers: [new Registry()],
    }),
    verify: async (token) => {
      const [organisation = '', role = ''] = token.split(' ');
      if (token === 'keys-unavailable') throw new KeysUnavailable();
      if (role === '') throw new Error('not a token');
      return { person: organisation, organisation, role };
    },
    desks: (role) => role,
  }).add(definition, { add: unary(schema, work), look: unary(schema, work) });
  return { server, address: `127.0.0.1:${await server.listen('127.0.0.1:0')}` };
}

type Done = (error: never, response: Response) => void;

/** A client with the shape that `call` expects: a method for each rpc. */
export class CounterClient extends Client {
  constructor(address: string) {
    super(address, credentials.createInsecure());
  }
  readonly add = this.#rpc(definition.add);
  readonly look = this.#rpc(definition.look);

  #rpc({ path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>) {
    return (request: Request, metadata: never, options: { deadline: number }, done: Done) =>
      this.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        options,
        done as never,
      );
  }
}
