import type { MethodDefinition } from '@grpc/grpc-js';

/** Stands for bytes that are not the message: grpc-js would answer INTERNAL before any code of this platform runs. */
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
