/** A sentence that must be true, and what was found against it. */
export interface Finding {
  readonly says: string;
  readonly against: readonly string[];
}
