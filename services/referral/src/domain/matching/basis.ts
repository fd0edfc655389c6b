import type { Instant } from '@opennrm/runtime/decision';
import type { CaseReference } from '../need.ts';
import type { Referral } from '../referral.ts';
import type { Service } from './service.ts';

/** Whom a permission lets be asked, as codes: exclusions first, then organisations by name, else accredited services of the classes. */
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

interface Names {
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** Of whom she has spoken herself: there a basis stands in for her no more. */
export interface SpokenFor extends Names {
  readonly from: Instant;
}

export interface LegalBasis extends Validity {
  readonly basisId: string;
  readonly code: string;
  /** Missing: every accredited service. */
  readonly receivers?: ReceiverRule;
  readonly spoken?: readonly SpokenFor[];
}

export interface Refusal extends Names {
  readonly refusalId: string;
  readonly purpose: string;
}

/** What the vault has said of one case, by this service's own reference. */
export interface CaseBasis {
  readonly caseReference: CaseReference;
  readonly registered: boolean;
  /** The vault has given a permission or a legal basis for a place once, be it ended or withdrawn now: its word counts from then on. */
  readonly spoken: boolean;
  readonly permissions: readonly (Validity & { readonly permissionId: string; readonly receivers: ReceiverRule })[];
  readonly bases: readonly LegalBasis[];
  /** Whom she said no to, as she left it last; missing: nobody, as far as is known. */
  readonly noes?: readonly Refusal[];
  readonly apartIds: readonly string[];
}

/** Purposes for which a place may be sought. */
const purposes: readonly string[] = ['immediate-protection', 'accommodation'];

/** What the vault says of this purpose decides about a place. */
export const isForAPlace = (purpose: string): boolean => purposes.includes(purpose);

/** Said again under its id it takes the place of what was said before. */
export const withBasis = (known: CaseBasis, basis: LegalBasis): CaseBasis => ({
  ...{ ...known, spoken: known.spoken || isForAPlace(basis.purpose) },
  bases: [...known.bases.filter(({ basisId }) => basisId !== basis.basisId), basis],
});

/** A no gives no ground: an emergency keeps its own, without those whom it names. */
export const withRefusal = (known: CaseBasis, no: Refusal): CaseBasis => ({
  ...known,
  noes: [...(known.noes ?? []).filter(({ refusalId }) => refusalId !== no.refusalId), no],
});

const stands = (validity: Validity, now: Instant): boolean =>
  isForAPlace(validity.purpose) && validity.validFrom <= now && now < validity.validUntil;

/** The code of what allows a place to be sought for this case now; undefined when nothing does. */
export function standingBasis(known: CaseBasis | undefined, now: Instant): string | undefined {
  if (!known) return undefined;
  const basis = known.bases.find((one) => stands(one, now));
  if (basis) return basis.code;
  return known.permissions.some((permission) => stands(permission, now)) ? 'permission' : undefined;
}

/** What a permission looks at in a service. */
export type Receiver = Pick<Service, 'region' | 'organisationId' | 'need'>;

/**
 * May this service be told, for this case, now? A permission covers those of its rule, as her noes have left it. A legal basis covers every accredited
 * service, or those of its rule; on the law alone nobody is told to whom she said no, or of whom she has spoken herself since.
 */
export function coversReceiver(known: CaseBasis | undefined, service: Receiver, now: Instant): boolean {
  if (!known) return false;
  if (known.permissions.some((permission) => stands(permission, now) && receives(permission.receivers, service)))
    return true;
  return !isRefused(known, service) && known.bases.some((basis) => stands(basis, now) && reaches(basis, service, now));
}

const names = ({ organisationIds, serviceClasses }: Names, { organisationId, need }: Receiver): boolean =>
  organisationIds.includes(organisationId) || serviceClasses.includes(need);

const isRefused = (known: CaseBasis | undefined, service: Receiver): boolean =>
  (known?.noes ?? []).some((no) => isForAPlace(no.purpose) && names(no, service));

const reaches = ({ receivers, spoken = [] }: LegalBasis, service: Receiver, now: Instant): boolean =>
  (!receivers || receives(receivers, service)) && !spoken.some((one) => one.from <= now && names(one, service));

function receives(rule: ReceiverRule, service: Receiver): boolean {
  if (rule.excludedRegions.includes(service.region)) return false;
  if (rule.excludedOrganisationIds.includes(service.organisationId)) return false;
  return rule.organisationIds.includes(service.organisationId) || rule.serviceClasses.includes(service.need);
}

/**
 * May this service be told of everyone in the party now? Asked before each question, offer and reading, by whomever it is brought about: a
 * permission can end, narrow or become unreadable while a hold is on its way. An emergency's own basis holds for those of whom the vault has
 * not spoken; to whom the person said no it opens nothing.
 */
export const mayBeTold = (
  referral: Referral,
  receiver: Receiver,
  { bases, now }: { readonly bases: ReadonlyMap<string, CaseBasis>; readonly now: Instant },
): boolean =>
  referral.party.every(({ caseReference }) => {
    const known = bases.get(caseReference);
    const alone = emergencyBasis(referral, known) !== undefined && !isRefused(known, receiver);
    return alone || coversReceiver(known, receiver, now);
  });

/** The request's own code, where it is accepted alone and the vault has not spoken of this case yet. */
export const emergencyBasis = (
  { ownBasis }: Pick<Referral, 'ownBasis'>,
  known: CaseBasis | undefined,
): string | undefined => (known?.spoken === true ? undefined : ownBasis);
