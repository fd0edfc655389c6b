/** Wraps data keys with a key of one organisation. In production a key management service stands behind it. */
export interface KeyRing {
  /** `context` is bound to the wrapped key: it cannot be moved to another case or section. */
  wrap(organisation: string, dataKey: Buffer, context: string): Promise<Buffer>;
  unwrap(organisation: string, wrapped: Buffer, context: string): Promise<Buffer>;
  /** A key for hashing requests that hold words of a person; the same in every replica. */
  hashKey(): Promise<Buffer>;
}
