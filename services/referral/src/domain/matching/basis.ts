import type { Instant } from '@opennrm/runtime/decision';
import type { CaseReference, UnderEighteen } from '../need.ts';
import type { Referral } from '../referral.ts';
import type { Service } from './service.ts';

/**
 * Which services a permission covers, as codes: first the exclusions, then organisations by name, else accredited services of the
 * classes.
 */
export interface ReceiverRule {
  readonly excludedRegions: readonly string[];
  readonly excludedOrganisationIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

interface Validity {
  readonly purpose: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

interface NamedReceivers {
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** Receivers about which the person has decided: the basis no longer substitutes for their decision. */
export interface OwnChoice extends NamedReceivers {
  readonly from: Instant;
}

export interface LegalBasis extends Validity {
  readonly basisId: string;
  readonly code: string;
  /** Missing: every accredited service. */
  readonly receivers?: ReceiverRule;
  readonly ownChoices?: readonly OwnChoice[];
}

export interface ConsentDenial extends NamedReceivers {
  readonly denialId: string;
  readonly purpose: string;
}

/** An age that the vault recorded, and when. */
export interface RecordedAge {
  readonly underEighteen: UnderEighteen;
  readonly at: Instant;
}

/** What the vault announced about one case, by this service's own reference. */
export interface CaseBasis {
  readonly caseReference: CaseReference;
  readonly registered: boolean;
  /**
   * The purposes for which the vault has ever announced a permission or a legal basis, also one that is ended or withdrawn now. From then
   * on only the vault decides about these purposes.
   */
  readonly decidedPurposes: readonly string[];
  readonly permissions: readonly (Validity & {
    readonly permissionId: string;
    readonly receivers: ReceiverRule;
  })[];
  readonly bases: readonly LegalBasis[];
  /** The person's denials, the newest version of each. Missing: none is known. */
  readonly denials?: readonly ConsentDenial[];
  readonly apartIds: readonly string[];
  /** The newest age that the vault announced; missing: it announced none. */
  readonly age?: RecordedAge;
  /** A message of the vault about the person waits unread. It may be a newer age. */
  readonly isAgeUnread?: boolean;
}

/** From now on the vault decides about this purpose. */
export const withDecided = (known: CaseBasis, purpose: string): CaseBasis =>
  known.decidedPurposes.includes(purpose)
    ? known
    : { ...known, decidedPurposes: [...known.decidedPurposes, purpose] };

/** A basis that is announced again replaces the earlier one with the same id. */
export const withBasis = (known: CaseBasis, basis: LegalBasis): CaseBasis => ({
  ...withDecided(known, basis.purpose),
  bases: [...known.bases.filter(({ basisId }) => basisId !== basis.basisId), basis],
});

/** Keeps the newest age. A record that arrives late, or again, replaces no newer one. */
export const withAge = (known: CaseBasis, age: RecordedAge): CaseBasis =>
  known.age !== undefined && age.at < known.age.at ? known : { ...known, age };

/** A denial is no basis for a search. An emergency keeps its request basis, except for the receivers that the denial names. */
export const withDenial = (known: CaseBasis, denial: ConsentDenial): CaseBasis => ({
  ...known,
  denials: [
    ...(known.denials ?? []).filter(({ denialId }) => denialId !== denial.denialId),
    denial,
  ],
});

/** For which purposes something is asked, and when. */
export interface Asking {
  /** The purposes of the need, by the country pack. */
  readonly purposes: readonly string[];
  readonly now: Instant;
}

const isValid = (validity: Validity, { purposes, now }: Asking): boolean =>
  purposes.includes(validity.purpose) && validity.validFrom <= now && now < validity.validUntil;

/** The code of what allows a service to be sought for this case now; undefined when nothing does. */
export function validBasisCode(known: CaseBasis | undefined, asking: Asking): string | undefined {
  if (!known) return undefined;
  const basis = known.bases.find((one) => isValid(one, asking));
  if (basis) return basis.code;
  return known.permissions.some((permission) => isValid(permission, asking))
    ? 'permission'
    : undefined;
}

/** What a permission checks in a service. */
export type Receiver = Pick<Service, 'region' | 'organisationId' | 'need'>;

/**
 * Whether data of this case may be disclosed to this service now. A permission covers the receivers of its rule that no later denial
 * removed. A legal basis covers every accredited service, or those of its rule, except receivers that a denial names and receivers about
 * which the person has decided since.
 */
export function coversReceiver(
  known: CaseBasis | undefined,
  service: Receiver,
  asking: Asking,
): boolean {
  if (!known) return false;
  if (
    known.permissions.some(
      (permission) => isValid(permission, asking) && ruleCovers(permission.receivers, service),
    )
  )
    return true;
  return (
    !isDenied(known, service, asking) &&
    known.bases.some((basis) => isValid(basis, asking) && basisCovers(basis, service, asking.now))
  );
}

const namesReceiver = (
  { organisationIds, serviceClasses }: NamedReceivers,
  { organisationId, need }: Receiver,
): boolean => organisationIds.includes(organisationId) || serviceClasses.includes(need);

const isDenied = (
  known: CaseBasis | undefined,
  service: Receiver,
  { purposes }: Pick<Asking, 'purposes'>,
): boolean =>
  (known?.denials ?? []).some(
    (denial) => purposes.includes(denial.purpose) && namesReceiver(denial, service),
  );

const basisCovers = (
  { receivers, ownChoices = [] }: LegalBasis,
  service: Receiver,
  now: Instant,
): boolean =>
  (!receivers || ruleCovers(receivers, service)) &&
  !ownChoices.some((one) => one.from <= now && namesReceiver(one, service));

function ruleCovers(rule: ReceiverRule, service: Receiver): boolean {
  if (rule.excludedRegions.includes(service.region)) return false;
  if (rule.excludedOrganisationIds.includes(service.organisationId)) return false;
  return (
    rule.organisationIds.includes(service.organisationId) ||
    rule.serviceClasses.includes(service.need)
  );
}

/**
 * Whether data of the whole party may be disclosed to this service now. Checked before each question, offer and read, whatever causes it: a
 * permission can end, narrow or become unreadable while a hold is requested. The request basis of an emergency covers the members for
 * whom the vault has not decided, except for receivers that a denial names.
 */
export const isCoveredForParty = (
  referral: Referral,
  receiver: Receiver,
  { bases, now }: { readonly bases: ReadonlyMap<string, CaseBasis>; readonly now: Instant },
): boolean =>
  referral.party.every(({ caseReference }) => {
    const known = bases.get(caseReference);
    const hasRequestBasis =
      acceptedRequestBasis(referral, known) !== undefined && !isDenied(known, receiver, referral);
    return hasRequestBasis || coversReceiver(known, receiver, { purposes: referral.purposes, now });
  });

/** The basis code of the request, where the vault has not decided for this case yet. */
export const acceptedRequestBasis = (
  { requestBasis, purposes }: Pick<Referral, 'requestBasis' | 'purposes'>,
  known: CaseBasis | undefined,
): string | undefined =>
  known?.decidedPurposes.some((one) => purposes.includes(one)) === true ? undefined : requestBasis;
