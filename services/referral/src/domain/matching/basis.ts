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

/** What the vault has said of one case, by this service's own reference. */
export interface CaseBasis {
  readonly caseReference: CaseReference;
  readonly registered: boolean;
  readonly permissions: readonly (Validity & { readonly permissionId: string; readonly receivers: ReceiverRule })[];
  readonly bases: readonly (Validity & { readonly basisId: string; readonly code: string })[];
  readonly apartIds: readonly string[];
}

/** Purposes for which a place may be sought. */
const purposes: readonly string[] = ['immediate-protection', 'accommodation'];

const stands = (validity: Validity, now: Instant): boolean =>
  purposes.includes(validity.purpose) && validity.validFrom <= now && now < validity.validUntil;

/** The code of what allows a place to be sought for this case now; undefined when nothing does. */
export function standingBasis(known: CaseBasis | undefined, now: Instant): string | undefined {
  if (!known) return undefined;
  const basis = known.bases.find((one) => stands(one, now));
  if (basis) return basis.code;
  return known.permissions.some((permission) => stands(permission, now)) ? 'permission' : undefined;
}

/** What a permission looks at in a service. */
export type Receiver = Pick<Service, 'region' | 'organisationId' | 'need'>;

/** May this service be told, for this case, now? A legal basis covers every accredited service; a permission those of its rule. */
export function coversReceiver(known: CaseBasis | undefined, service: Receiver, now: Instant): boolean {
  if (!known) return false;
  if (known.bases.some((basis) => stands(basis, now))) return true;
  return known.permissions.some((permission) => stands(permission, now) && receives(permission.receivers, service));
}

function receives(rule: ReceiverRule, service: Receiver): boolean {
  if (rule.excludedRegions.includes(service.region)) return false;
  if (rule.excludedOrganisationIds.includes(service.organisationId)) return false;
  return rule.organisationIds.includes(service.organisationId) || rule.serviceClasses.includes(service.need);
}

/**
 * May this service be told of everyone in the party now? Asked before each question, offer and reading, by whomever it is brought about: a
 * permission can end, narrow or become unreadable while a hold is on its way.
 */
export const mayBeTold = (
  { standsAlone, party }: Referral,
  receiver: Receiver,
  { bases, now }: { readonly bases: ReadonlyMap<string, CaseBasis>; readonly now: Instant },
): boolean => standsAlone || party.every((member) => coversReceiver(bases.get(member.caseReference), receiver, now));
