/** A statement that must be true, and its violations. */
export interface Finding {
  readonly statement: string;
  readonly violations: readonly string[];
}
