import type { Instant } from '@opennrm/runtime/decision';

/** What allows a disclosure: one purpose, some sections, and a time from `validFrom` until before `validUntil`. */
export interface Authorisation {
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** A legal basis other than permission: a code of the country pack, and the controller that relies on it. */
export interface LegalBasis extends Authorisation {
  readonly basisId: string;
  readonly code: string;
  /** The organisation that opened the case may share under its own basis; any other controller only reads for itself. */
  readonly controller: string;
  readonly recordedBy: string;
  /** It substitutes until the person, or their guardian, permits or denies. */
  readonly isSubstitute: boolean;
  /** Receivers, where it replaces a permission; missing: every organisation with a relation. */
  readonly receivers?: ReceiverRule;
  /** Code: why the person could not be asked. */
  readonly cannotAskReason?: string;
  /** Receivers about whom the person has decided since. */
  readonly ownChoices?: readonly OwnChoice[];
  readonly endedAt: Instant | undefined;
}

/** Who may receive: exclusions first, then organisations by name, else accredited services of the classes (`domain.md` §4). */
export interface ReceiverRule {
  readonly excludedRegions: readonly string[];
  readonly excludedOrganisationIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** The child's own view of what the guardian decided. */
export type ChildView = 'agrees' | 'disagrees' | 'cannot-say';

/** How a permission or a denial was given. Without these facts it would be only a checkbox. */
export interface ConsentDetails {
  readonly form: string;
  readonly language: string;
  readonly interpreter: boolean;
  /** The vetted interpreter, where one was named. */
  readonly interpreterId: string | undefined;
  readonly witnessId: string | undefined;
  /** Codes of the country pack: what was explained to the person before. */
  readonly explained: readonly string[];
  /** Undefined: the person made the statement themselves. */
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

/** The decision to share sections with receivers for a purpose. */
export interface Permission extends Authorisation {
  readonly permissionId: string;
  readonly receivers: ReceiverRule;
  readonly given: ConsentDetails;
  /** The permission that this later stage follows, e.g. a service class first and an organisation later. Both end together. */
  readonly after: string | undefined;
  /** The permission that this one renews. */
  readonly renews: string | undefined;
  /** When the first permission of its chain was stated; missing without a chain. It does not overrule denials made since then. */
  readonly firstGivenAt?: Instant;
  readonly withdrawnAt: Instant | undefined;
  readonly cause: EndCause | undefined;
}

/** A permission that has not ended. */
export type NewPermission = Omit<Permission, 'withdrawnAt' | 'cause'>;

/** A denial of sharing with these receivers, of these sections, for this purpose, from the time of its statement. */
export interface ConsentDenial {
  readonly denialId: string;
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly given: ConsentDetails;
}

/** Receivers about whom the person decided. From `from` on, a substitute basis does not cover them any more. */
export interface OwnChoice {
  /** Id of the permission or of the denial. */
  readonly by: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly from: Instant;
}

/** Whether it is valid at this time: from `validFrom` until before `validUntil`, unless it was withdrawn. */
export const isValidAt = (
  authorisation: Authorisation & { readonly withdrawnAt?: Instant | undefined },
  now: Instant,
): boolean =>
  authorisation.validFrom <= now &&
  now < authorisation.validUntil &&
  authorisation.withdrawnAt === undefined;
