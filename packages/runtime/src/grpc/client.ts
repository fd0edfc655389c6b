import { randomUUID } from 'node:crypto';
import {
  type ChannelCredentials,
  type Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { ErrorInfo } from '@opennrm/contracts/google/rpc/error_details.ts';
import { Status } from '@opennrm/contracts/google/rpc/status.ts';

type UnaryMethod = (
  request: never,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, response: never) => void,
) => unknown;

// Type inference uses the last overload that ts-proto writes: (request, metadata, options, callback).
type RequestOf<Method> = Method extends (request: infer Request, ...rest: never[]) => unknown
  ? Request
  : never;
type ResponseOf<Method> = Method extends (
  request: never,
  metadata: Metadata,
  options: never,
  callback: (error: ServiceError | null, response: infer Response) => void,
) => unknown
  ? Response
  : never;

export interface CallOptions {
  readonly token: string;
  /** The idempotency key of a command; generated here unless given. The same key gets the same answer. */
  readonly key?: string;
  /** Milliseconds for the whole call, all tries included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * A client of a generated service. `address` is `host:port`, a name that DNS resolves to several addresses, or a comma-separated list of
 * numeric addresses. Calls are distributed in turn, and a server that does not answer is left out within eight seconds.
 */
export function connect<C>(
  client: new (address: string, security: ChannelCredentials, options?: object) => C,
  address: string,
): C {
  const target = address.includes(',') ? `ipv4:${address}` : `dns:///${address}`;
  return new client(target, credentials.createInsecure(), {
    'grpc.keepalive_time_ms': 5_000,
    'grpc.keepalive_timeout_ms': 3_000,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
  });
}

/**
 * One unary call as a promise, always with a deadline and an idempotency key. Only UNAVAILABLE is retried, with the same key. When the
 * deadline passes in a later try, the call rejects with the last error of the service. Rejects with grpc-js's ServiceError.
 */
export async function call<C extends Client, Name extends keyof C>(
  client: C,
  method: Name,
  request: RequestOf<C[Name]>,
  options: CallOptions,
): Promise<ResponseOf<C[Name]>> {
  const deadline = Date.now() + (options.deadlineMs ?? DEADLINE_MS);
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${options.token}`);
  metadata.set('idempotency-key', options.key ?? randomUUID());
  let lastError: unknown;
  for (;;) {
    try {
      return await new Promise<ResponseOf<C[Name]>>((resolve, reject) =>
        (client[method] as UnaryMethod).call(
          client,
          request as never,
          metadata,
          { deadline },
          (error, response) => (error ? reject(error) : resolve(response as ResponseOf<C[Name]>)),
        ),
      );
    } catch (error) {
      const { code } = error as ServiceError;
      if (code === status.DEADLINE_EXCEEDED && lastError !== undefined) throw lastError;
      if (code !== status.UNAVAILABLE || Date.now() + PAUSE_MS >= deadline) throw error;
      lastError = error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** The refusal, in `kebab-case`, from google.rpc.ErrorInfo; undefined when the failure names none. */
export function refusalOf(error: unknown): string | undefined {
  const [packed] = (error as ServiceError).metadata?.get('grpc-status-details-bin') ?? [];
  if (!(packed instanceof Buffer)) return undefined;
  const info = Status.decode(packed).details.find((detail) =>
    detail.typeUrl.endsWith('/google.rpc.ErrorInfo'),
  );
  return info && ErrorInfo.decode(info.value).reason.toLowerCase().replaceAll('_', '-');
}
