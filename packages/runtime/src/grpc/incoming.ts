import { createHash, createHmac } from 'node:crypto';
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { normalizeId } from '../id.ts';
import { badRequest } from './status.ts';

/** A call of any kind, before anything in it was checked. */
export type Incoming =
  | ServerUnaryCall<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;

/** The content of a short request could be guessed from a plain hash, but not from a hash with a key. */
export const hashOf = (request: Uint8Array, key: Buffer | undefined): Buffer =>
  (key ? createHmac('sha256', key) : createHash('sha256')).update(request).digest();

/** @throws CallFailure when the metadata have no valid key. */
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
