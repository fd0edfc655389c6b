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

/** A permission holds from a moment until another, unless it was ended: also for who asked a moment before and comes after. */
export const stands = (ground: Ground & { readonly withdrawnAt?: Instant | undefined }, now: Instant): boolean =>
  ground.validFrom <= now && now < ground.validUntil && ground.withdrawnAt === undefined;

/** The last word counts: a permission as the later refusals of the same purpose leave it, for one section. */
export function leftOfReceivers(
  { receivers, purpose, given }: Pick<Permission, 'receivers' | 'purpose' | 'given'>,
  refusals: readonly Refusal[],
  section: string,
): ReceiverRule & { readonly excludedClasses: readonly string[] } {
  const later = refusals.filter(
    (no) => no.purpose === purpose && no.given.at >= given.at && no.sections.includes(section),
  );
  const [organisations, classes] = [
    later.flatMap((no) => no.organisationIds),
    later.flatMap((no) => no.serviceClasses),
  ];
  return {
    excludedRegions: receivers.excludedRegions,
    excludedOrganisationIds: [...receivers.excludedOrganisationIds, ...organisations],
    organisationIds: receivers.organisationIds.filter((one) => !organisations.includes(one)),
    serviceClasses: receivers.serviceClasses.filter((one) => !classes.includes(one)),
    excludedClasses: classes,
  };
}
