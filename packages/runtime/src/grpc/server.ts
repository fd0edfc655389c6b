import { randomUUID } from 'node:crypto';
import { setTimeout as waiting } from 'node:timers/promises';
import {
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Histogram } from 'prom-client';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Actor, type Caller, type Desks } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { faultOf } from '../fault.ts';
import type { TokenVerifier } from '../identity.ts';
import type { Log } from '../log.ts';
import type { Database } from '../postgres.ts';
import { KeysUnavailable } from '../signing-keys.ts';
import { inSpan } from '../telemetry/span.ts';
import type { Answer, Call } from './answer.ts';
import { limits } from './fields.ts';
import { deleteOldAnswers, runOnce } from './idempotent.ts';
import { hashOf, type Incoming, idempotencyKey } from './incoming.ts';
import { deserializeOrMalformed, Malformed } from './malformed.ts';
import { withRetries } from './retries.ts';
import type { Rpc, UnaryRpc } from './rpc.ts';
import {
  badRequest,
  CallFailure,
  refusalStatus,
  tooMany,
  unauthenticated,
  unavailable,
  wrongRole,
} from './status.ts';
import { bidiStreamHandler, type StreamContext, serverStreamHandler } from './streams.ts';

/** Every rpc of a generated service definition, by name. A missing one does not compile. */
export type RpcsOf<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends {
    requestDeserialize: (value: Buffer) => infer Request;
    responseDeserialize: (value: Buffer) => infer Response;
  }
    ? Rpc<Request, Response>
    : never;
};

export interface Access {
  readonly roles: readonly string[];
  readonly command: boolean;
}

export interface GrpcSettings {
  readonly domain: string;
  readonly access: Readonly<Record<string, Access>>;
  readonly database: Database;
  readonly clock: Clock;
  readonly verify: TokenVerifier;
  /** The desk that a role in an organisation holds. */
  readonly desks: Desks;
  readonly log: Log;
  readonly latency: Histogram<'rpc' | 'code'>;
  /** For requests that contain personal data: the key of the hashes that detect a repeated command with another body. */
  readonly hashKey?: Buffer;
  /** The number of calls a second that one organisation may send. */
  readonly callsPerSecond: number;
}

/** Handles identity, limits, idempotency and the mapping of refusals to statuses, so that handlers do not. */
export class GrpcServer {
  readonly #server = new Server({
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_connection_age_ms': 300_000,
    'grpc.max_connection_age_grace_ms': 30_000,
  });
  readonly #health = new HealthImplementation({ '': 'NOT_SERVING' });
  readonly #settings: GrpcSettings;
  readonly #limiter: RateLimiterMemory;
  /** The limit of records in streams: as many a second as calls, counted separately. */
  readonly #records: RateLimiterMemory;
  #deletionTimer: NodeJS.Timeout | undefined;

  constructor(settings: GrpcSettings) {
    this.#settings = settings;
    const rate = { points: settings.callsPerSecond, duration: 1 };
    this.#limiter = new RateLimiterMemory(rate);
    this.#records = new RateLimiterMemory({ ...rate, keyPrefix: 'records' });
    this.#health.addToServer(this.#server);
  }

  add<Definition extends ServiceDefinition>(
    definition: Definition,
    rpcs: RpcsOf<Definition>,
  ): this {
    const implementation: UntypedServiceImplementation = {};
    const guarded: Record<string, MethodDefinition<unknown, unknown>> = {};
    for (const [name, method] of Object.entries(definition) as [
      string,
      MethodDefinition<unknown, unknown>,
    ][]) {
      const access = this.#settings.access[method.path];
      if (!access) throw new Error(`${method.path} has no access rule: run npm run generate`);
      guarded[name] = { ...method, requestDeserialize: deserializeOrMalformed(method) };
      const rpc = rpcs[name as keyof Definition] as Rpc<unknown, unknown>;
      implementation[name] = this.#handler(method, access, rpc);
    }
    this.#server.addService(guarded, implementation);
    return this;
  }

  #handler(method: MethodDefinition<unknown, unknown>, access: Access, rpc: Rpc<unknown, unknown>) {
    switch (rpc.kind) {
      case 'unary':
        return this.#unary(method, access, rpc);
      case 'stream':
        return serverStreamHandler(this.#streamContext(method, access), rpc);
      case 'exchange':
        return bidiStreamHandler(this.#streamContext(method, access), rpc);
    }
  }

  /** @returns the port on which it listens. */
  async listen(address: string): Promise<number> {
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.#health.setStatus('', 'SERVING');
    this.#deletionTimer = setInterval(() => void this.#deleteOldAnswers(), DELETE_EVERY_MS).unref();
    return port;
  }

  /** Accepts no new call, waits for running calls for at most `graceMs`, then cancels the rest. */
  async close(graceMs = 5_000): Promise<void> {
    this.#health.setStatus('', 'NOT_SERVING');
    clearInterval(this.#deletionTimer);
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => {
        this.#server.forceShutdown();
        resolve();
      }, graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(cut);
        resolve();
      });
    });
  }

  #unary(
    method: MethodDefinition<unknown, unknown>,
    access: Access,
    rpc: UnaryRpc<unknown, unknown>,
  ): handleUnaryCall<unknown, unknown> {
    return (incoming, callback) => {
      const ended = this.#settings.latency.startTimer({ rpc: method.path });
      this.#traced(incoming, method, access, rpc).then(
        (result) => {
          const failure =
            result.kind === 'refused' ? refusalStatus(result, this.#settings.domain) : undefined;
          ended({ code: failure ? status[failure.code] : 'OK' });
          if (failure) callback(failure);
          else callback(null, result.kind === 'answer' ? result.response : undefined);
        },
        (error: unknown) => {
          const failure = this.#failure(error, method.path);
          ended({ code: status[failure.code] });
          callback(failure);
        },
      );
    };
  }

  #traced(
    incoming: ServerUnaryCall<unknown, unknown>,
    method: MethodDefinition<unknown, unknown>,
    access: Access,
    rpc: UnaryRpc<unknown, unknown>,
  ): Promise<Answer<unknown>> {
    return inSpan('call', { rpc: method.path }, async (addFacts) => {
      const result = await this.#answer(incoming, method, access, rpc);
      if (result.kind === 'refused') addFacts({ refusal: result.refusal });
      return result;
    });
  }

  async #answer(
    incoming: ServerUnaryCall<unknown, unknown>,
    method: MethodDefinition<unknown, unknown>,
    access: Access,
    rpc: UnaryRpc<unknown, unknown>,
  ): Promise<Answer<unknown>> {
    const call = await this.#admit(incoming, method.path, access);
    const key = access.command ? idempotencyKey(incoming) : undefined;
    const work = checked(rpc.check(incoming.request));
    const { database } = this.#settings;
    if (key === undefined) return withRetries(() => database.transaction((tx) => work(tx, call)));
    const request = hashOf(method.requestSerialize(incoming.request), this.#settings.hashKey);
    const codec = { write: method.responseSerialize, read: method.responseDeserialize };
    return withRetries(() => runOnce(database, call, key, request, codec, (tx) => work(tx, call)));
  }

  #streamContext(method: MethodDefinition<unknown, unknown>, access: Access): StreamContext {
    return {
      database: this.#settings.database,
      admit: (incoming) => this.#admit(incoming, method.path, access),
      next: (call) => this.#nextRecord(call),
      failure: (error) => this.#failure(error, method.path),
      refusal: (refused) => refusalStatus(refused, this.#settings.domain),
    };
  }

  async #admit(incoming: Incoming, rpc: string, access: Access): Promise<Call> {
    const caller = await this.#caller(incoming);
    await this.#limiter.consume(caller.organisation).catch(() => {
      throw tooMany();
    });
    if (!access.roles.includes(caller.role)) throw wrongRole(access.roles);
    if ('request' in incoming && incoming.request instanceof Malformed)
      throw badRequest([{ field: 'request', rule: 'must be a message of this rpc' }]);
    return { actor: new Actor(caller, this.#settings.desks), rpc, at: this.#settings.clock.now() };
  }

  /** A stream that is too fast is slowed down, not broken. Only its own sender waits, no other call of the organisation. */
  async #nextRecord(call: Call): Promise<Call> {
    for (;;) {
      const wait = await this.#records.consume(call.actor.organisation).then(
        () => undefined,
        ({ msBeforeNext }: RateLimiterRes) => msBeforeNext,
      );
      if (wait === undefined) return { ...call, at: this.#settings.clock.now() };
      await waiting(wait);
    }
  }

  async #caller(incoming: Incoming): Promise<Caller> {
    const [header] = incoming.metadata.get('authorization');
    if (typeof header !== 'string' || !header.startsWith('Bearer ')) throw unauthenticated();
    return this.#settings.verify(header.slice('Bearer '.length)).catch((error: unknown) => {
      throw error instanceof KeysUnavailable ? unavailable() : unauthenticated();
    });
  }

  /** Deletes stored answers after seven days. */
  async #deleteOldAnswers(): Promise<void> {
    const { database, log } = this.#settings;
    await deleteOldAnswers(database).catch(() =>
      log.warn('old answers could not be deleted, trying again in an hour'),
    );
  }

  #failure(error: unknown, rpc: string): CallFailure {
    if (error instanceof CallFailure) return error;
    if (faultOf(error) !== 'permanent') return unavailable();
    const incident = randomUUID();
    // Never the message, because a driver's message may quote a value.
    const { name, code, table, constraint, stack } = error as Error & {
      code?: string;
      table?: string;
      constraint?: string;
    };
    const frames = stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8);
    this.#settings.log.error(
      { incident, rpc, name, code, table, constraint, frames },
      'a call failed',
    );
    return new CallFailure(
      status.INTERNAL,
      `the service failed; tell its operator the incident ${incident}`,
    );
  }
}

function checked<Work>(
  result:
    | { ok: true; work: Work }
    | { ok: false; problems: readonly { field: string; rule: string }[] },
): Work {
  if (!result.ok) throw badRequest(result.problems);
  return result.work;
}

const DELETE_EVERY_MS = 3_600_000;
