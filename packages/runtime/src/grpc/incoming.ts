import { createHash, createHmac } from 'node:crypto';
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { normalizeId } from '../id.ts';
import { badRequest } from './status.ts';

/** A call of any kind, before anything of it was looked at. */
export type Incoming =
  | ServerUnaryCall<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;

/** Short words could be guessed from a bare hash; with a key they cannot. */
export const hashOf = (request: Uint8Array, key: Buffer | undefined): Buffer =>
  (key ? createHmac('sha256', key) : createHash('sha256')).update(request).digest();

/** @throws CallFailure where the metadata hold no such key. */
export function idempotencyKey(incoming: Incoming): string {
  const [key] = incoming.metadata.get('idempotency-key');
  if (typeof key !== 'string' || !/^[\w.:-]{8,100}$/.test(key)) {
    throw badRequest([
      {
        field: 'idempotency-key (metadata)',
        rule: 'must be 8 to 100 letters, digits, - _ . or :, the same when a command is sent again',
      },
    ]);
  }
  return normalizeId(key);
}
