import { randomUUID } from 'node:crypto';
import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { access } from '@opennrm/contracts/access';
import { type Caller, createLog, type Database, type Desks, GrpcServer } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { Histogram, Registry } from 'prom-client';

export type Method = MethodDefinition<unknown, unknown>;

/** The result of a call, as the caller receives it. */
export interface CallResult {
  /** The name of the gRPC status. */
  readonly code: string;
  readonly details: string;
  /** The google.rpc details, as received. */
  readonly packed: string;
  readonly answers: readonly unknown[];
}

export interface ServiceUnderTest {
  readonly methods: Readonly<Record<string, Method>>;
  /** @param endless for a stream that never ends by itself: only its first answer is used. */
  send(method: Method, request: unknown, caller: Caller, endless?: boolean): Promise<CallResult>;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly database: Database;
  readonly now: Instant;
  readonly desks: Desks;
  readonly definitions: readonly ServiceDefinition[];
  /** Adds the rpcs of the service, as its `main.ts` does. */
  readonly join: (server: GrpcServer) => unknown;
}

/** Ends a call that hangs. A call that is ended by this limit is a fault. */
const HANGS_MS = 20_000;

/** Serves the rpcs of a service with a real gRPC server. A token has the form `<person> <organisation> <role>`. */
export async function serve({
  database,
  now,
  desks,
  definitions,
  join,
}: ServeOptions): Promise<ServiceUnderTest> {
  const registers = [new Registry()];
  const server = new GrpcServer({
    domain: 'spec.opennrm',
    access,
    database,
    desks,
    clock: { now: () => now, realDelayUntil: () => 0 },
    log: createLog('spec', 'silent'),
    latency: new Histogram({ name: 'spec', help: 'spec', labelNames: ['rpc', 'code'], registers }),
    callsPerSecond: 100_000,
    async verify(token) {
      const [person = '', organisation = '', role = ''] = token.split(' ');
      return { person, organisation, role };
    },
  });
  join(server);
  const port = await server.listen('127.0.0.1:0');
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    methods: Object.assign({}, ...definitions) as Record<string, Method>,
    send: (method, request, caller, endless = false) =>
      send(client, method, request, caller, endless),
    async stop() {
      client.close();
      await server.close();
    },
  };
}

function send(
  client: Client,
  method: Method,
  request: unknown,
  caller: Caller,
  endless: boolean,
): Promise<CallResult> {
  const { path, requestSerialize, responseDeserialize } = method;
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${caller.person} ${caller.organisation} ${caller.role}`);
  metadata.set('idempotency-key', randomUUID());
  const codecs = [requestSerialize, responseDeserialize] as const;
  const options = { deadline: Date.now() + HANGS_MS };
  return new Promise((resolve) => {
    const answers: unknown[] = [];
    const failed = (error: ServiceError): void => resolve(resultOfError(error, answers));
    const done = (): void => resolve(resultOfAnswers(answers));
    if (!method.requestStream && !method.responseStream) {
      client.makeUnaryRequest(path, ...codecs, request, metadata, options, (error, response) => {
        answers.push(response);
        if (error) failed(error);
        else done();
      });
      return;
    }
    const both = method.requestStream
      ? client.makeBidiStreamRequest(path, ...codecs, metadata, options)
      : undefined;
    const stream =
      both ?? client.makeServerStreamRequest(path, ...codecs, request, metadata, options);
    stream.on('error', failed);
    stream.on('data', (response: unknown) => {
      answers.push(response);
      if (!endless) return;
      done();
      stream.cancel();
    });
    stream.on('end', done);
    both?.write(request);
    both?.end();
  });
}

function resultOfError(
  { code, details, metadata }: ServiceError,
  answers: readonly unknown[],
): CallResult {
  const [packed] = metadata?.get('grpc-status-details-bin') ?? [];
  return {
    code: status[code] ?? '',
    details,
    packed: Buffer.from(packed ?? '').toString('base64'),
    answers,
  };
}

/**
 * In a stream that answers each request separately, a refusal is in the answer. It is read as the status that another rpc would return.
 */
function resultOfAnswers(answers: readonly unknown[]): CallResult {
  const [first] = answers as { readonly refusal?: string; readonly field?: string }[];
  const refusal = first?.refusal ?? '';
  if (refusal === '') return { code: 'OK', details: '', packed: '', answers };
  const code = refusal.toUpperCase().replaceAll('-', '_');
  return { code, details: `${refusal}: ${first?.field}`, packed: '', answers: [] };
}
