import type { MethodDefinition } from '@grpc/grpc-js';

/** Bytes that are not the message: grpc-js would answer INTERNAL before any of our code ran. */
export class Malformed {}

export const deserializeOrMalformed =
  (method: MethodDefinition<unknown, unknown>) =>
  (bytes: Buffer): unknown => {
    try {
      return method.requestDeserialize(bytes);
    } catch {
      return new Malformed();
    }
  };
