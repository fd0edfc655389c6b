/** Wraps data keys with the key of an organisation. In production this is a key management service. */
export interface KeyRing {
  /** `context` is bound to the wrapped key, so that it cannot be moved to another case or section. */
  wrap(organisation: string, dataKey: Buffer, context: string): Promise<Buffer>;
  unwrap(organisation: string, wrapped: Buffer, context: string): Promise<Buffer>;
  /** The key to hash requests that hold personal content; the same in every replica. */
  hashKey(): Promise<Buffer>;
}
