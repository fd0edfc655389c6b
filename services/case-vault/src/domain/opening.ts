import type { Instant } from '@opennrm/runtime/decision';

/** A file opened without a basis: by whom, why, which sections, until when, and the result of its review. */
export interface Opening {
  readonly openingId: string;
  readonly organisation: string;
  readonly by: string;
  readonly reason: string;
  readonly sections: readonly string[];
  readonly lifeAtRisk: boolean;
  readonly at: Instant;
  /** The second person, where one was needed and has agreed. */
  readonly confirmedBy: string | undefined;
  /** When it closes; undefined until it is open. */
  readonly until: Instant | undefined;
  readonly review: { readonly by: string; readonly justified: boolean } | undefined;
}
