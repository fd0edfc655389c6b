/** A sentence that must be true, and what was found against it. */
export interface Finding {
  readonly statement: string;
  readonly violations: readonly string[];
}
