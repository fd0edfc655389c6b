import type { Instant } from '@opennrm/runtime/decision';
import type { Ground } from '../case-file.ts';

/** Who may receive: exclusions first, then organisations by name, else accredited services of the classes (`domain.md` §4). */
export interface ReceiverRule {
  readonly excludedRegions: readonly string[];
  readonly excludedOrganisationIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** A child's own view of what her guardian said. */
export type ChildView = 'agrees' | 'disagrees' | 'cannot-say';

/** How a yes or a no was given: without this it is a checkbox. */
export interface Given {
  readonly form: string;
  readonly language: string;
  readonly interpreter: boolean;
  /** The vetted interpreter, where one was named. */
  readonly interpreterId: string | undefined;
  readonly witnessId: string | undefined;
  /** What was explained before, as codes of the country pack. */
  readonly explained: readonly string[];
  /** Who spoke: undefined is the person herself. */
  readonly guardianId: string | undefined;
  readonly childView: ChildView | undefined;
  /** When she said it; it may be written down later. */
  readonly at: Instant;
  readonly recordedBy: string;
}

export type EndedBecause =
  | 'withdrawn'
  | 'stage-before-withdrawn'
  | 'came-of-age'
  | 'age-determined'
  | 'guardian-suspected'
  | 'over';

/** The person permits sharing. */
export interface Permission extends Ground {
  readonly permissionId: string;
  readonly receivers: ReceiverRule;
  readonly given: Given;
  /** The permission that this one follows: first a class, then an organisation at the proposal. It ends with it. */
  readonly after: string | undefined;
  /** The permission that this one goes on with. */
  readonly renews: string | undefined;
  /** When the first of those that it goes on with was said; missing: it goes on with none. To a no since then it is no answer. */
  readonly saidFirst?: Instant;
  readonly withdrawnAt: Instant | undefined;
  readonly because: EndedBecause | undefined;
}

/** A permission as it is given: nothing has ended it yet. */
export type NewPermission = Omit<Permission, 'withdrawnAt' | 'because'>;

/** A no, as plain as a yes: to these receivers, these sections, for this purpose, from the moment it was said. */
export interface Refusal {
  readonly refusalId: string;
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly given: Given;
}

/** Of whom she has spoken herself, yes or no, since a basis began to stand in for her word: for them it stands in no more. */
export interface Spoken {
  /** The permission or the refusal. */
  readonly by: string;
  readonly sections: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
  readonly from: Instant;
}

/** A permission holds from a moment until another, unless it was ended: also for who asked a moment before and comes after. */
export const stands = (ground: Ground & { readonly withdrawnAt?: Instant | undefined }, now: Instant): boolean =>
  ground.validFrom <= now && now < ground.validUntil && ground.withdrawnAt === undefined;
