import type { Instant } from '@opennrm/runtime/decision';
import type { Authorisation } from '../case-file.ts';

/** Who may receive: exclusions first, then organisations by name, else accredited services of the classes (`domain.md` §4). */
export interface ReceiverRule {
  readonly excludedRegions: readonly string[];
  readonly excludedOrganisationIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** The child's own view of what the guardian decided. */
export type ChildView = 'agrees' | 'disagrees' | 'cannot-say';

/** How a yes or a no was given: without this it is a checkbox. */
export interface ConsentDetails {
  readonly form: string;
  readonly language: string;
  readonly interpreter: boolean;
  /** The vetted interpreter, where one was named. */
  readonly interpreterId: string | undefined;
  readonly witnessId: string | undefined;
  /** What was explained before, as codes of the country pack. */
  readonly explained: readonly string[];
  /** Undefined: the person themselves. */
  readonly guardianId: string | undefined;
  readonly childView: ChildView | undefined;
  /** When it was stated; it may be recorded later. */
  readonly at: Instant;
  readonly recordedBy: string;
}

export type EndCause =
  | 'withdrawn'
  | 'earlier-stage-withdrawn'
  | 'came-of-age'
  | 'age-determined'
  | 'guardian-suspected'
  | 'expired';

/** The person permits sharing. */
export interface Permission extends Authorisation {
  readonly permissionId: string;
  readonly receivers: ReceiverRule;
  readonly given: ConsentDetails;
  /** The permission that this one follows: first a class, then an organisation at the proposal. It ends with it. */
  readonly after: string | undefined;
  /** The permission that this one goes on with. */
  readonly renews: string | undefined;
  /** When the first of those that it goes on with was said; missing: it goes on with none. To a no since then it is no answer. */
  readonly firstGivenAt?: Instant;
  readonly withdrawnAt: Instant | undefined;
  readonly cause: EndCause | undefined;
}

/** A permission as it is given: nothing has ended it yet. */
export type NewPermission = Omit<Permission, 'withdrawnAt' | 'cause'>;

/** A no, as plain as a yes: to these receivers, these sections, for this purpose, from the moment it was said. */
export interface ConsentDenial {
  readonly denialId: string;
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly given: ConsentDetails;
}

/** Receivers about whom the person decided since a basis began to substitute: it does not cover them any more. */
export interface OwnChoice {
  /** The permission or the refusal. */
  readonly by: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly from: Instant;
}

/** A permission holds from a moment until another, unless it was ended: also for who asked a moment before and comes after. */
export const isValidAt = (
  authorisation: Authorisation & { readonly withdrawnAt?: Instant | undefined },
  now: Instant,
): boolean =>
  authorisation.validFrom <= now &&
  now < authorisation.validUntil &&
  authorisation.withdrawnAt === undefined;
