import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import type { CaseFile, LegalBasis } from '../domain/case-file.ts';
import type { NewPermission, ReceiverRule, Refusal } from '../domain/permission/given.ts';
import { countingNoes, leftOfReceivers, leftOfRefusal } from '../domain/permission/left.ts';
import type { Audience } from '../domain/permission/withdrawal.ts';

type ToReferral = EventOf<typeof topics.caseVaultForReferral>;
type ToIntake = EventOf<typeof topics.caseVaultForIdentificationIntake>;

export const toReferral = (reference: string, event: ToReferral): OutgoingMessage =>
  outgoing(topics.caseVaultForReferral, reference, event);
export const toIntake = (reference: string, event: ToIntake): OutgoingMessage =>
  outgoing(topics.caseVaultForIdentificationIntake, reference, event);

/**
 * Of another controller's basis nobody else is told: it covers that controller alone. One that does not reach everybody is an event of its own: a
 * reader who does not know it must not take it for one that does.
 */
export function basisRecorded(audience: Audience, basis: LegalBasis, file: CaseFile): OutgoingMessage[] {
  const { service, reference: caseReference } = audience;
  if (service !== 'referral' || basis.controller !== file.ownerOrg) return [];
  const { basisId, code, purpose, receivers } = basis;
  const value = { caseReference, basisId, code, purpose, ...validity(basis) };
  const silent = silentNoes(file);
  const spoken = (basis.spoken ?? [])
    .filter(({ by }) => !silent.includes(by))
    .map(({ organisationIds, serviceClasses, from }) => ({
      ...{ organisationIds: [...organisationIds], serviceClasses: [...serviceClasses], from: new Date(from) },
    }));
  if (!receivers && !basis.spoken) return [toReferral(caseReference, { $case: 'basisRecorded', value })];
  const limits = { receivers: receivers && ruleOf(receivers), spoken };
  return [toReferral(caseReference, { $case: 'limitedBasisRecorded', value: { ...value, ...limits } })];
}

/** Noes that count no more, because of who gave them. */
const silentNoes = (file: CaseFile): string[] => {
  const counting = countingNoes(file);
  return file.refusals.filter((no) => !counting.includes(no)).map(({ refusalId }) => refusalId);
};

/**
 * A permission, as what she refused since leaves it. Said again it takes the place of what was said before: narrower, and where nobody is left it
 * has ended.
 */
export function permissionGranted(audience: Audience, permission: NewPermission, file: CaseFile): OutgoingMessage[] {
  const { permissionId, purpose } = permission;
  const { service, reference: caseReference } = audience;
  const left = leftForEverySection(permission, file);
  const nobody = left.organisationIds.length === 0 && left.serviceClasses.length === 0;
  if (nobody) return [withdrawn(audience, permissionId)];
  if (service === 'referral') {
    const value = { caseReference, permissionId, purpose, receivers: ruleOf(left), ...validity(permission) };
    return [toReferral(caseReference, { $case: 'permissionGranted', value })];
  }
  // That an authority may know her: by the name of the body alone, never by a class.
  const organisationIds = left.organisationIds.filter((one) => !left.excludedOrganisationIds.includes(one));
  const value = { caseReference, permissionId, organisationIds, ...validity(permission) };
  return [toIntake(caseReference, { $case: 'permissionGranted', value })];
}

/** A no, as it stands now: whoever she permitted again since is not named in it any more. */
export function permissionRefused(audience: Audience, no: Refusal, file: CaseFile): OutgoingMessage[] {
  const { service, reference: caseReference } = audience;
  const { refusalId, purpose } = no;
  const left = leftOfRefusal(file, no);
  const value = { caseReference, refusalId, organisationIds: [...left.organisationIds] };
  if (service !== 'referral') return [toIntake(caseReference, { $case: 'permissionRefused', value })];
  const serviceClasses = [...left.serviceClasses];
  return [toReferral(caseReference, { $case: 'permissionRefused', value: { ...value, purpose, serviceClasses } })];
}

export function withdrawn({ service, reference: caseReference }: Audience, permissionId: string): OutgoingMessage {
  const message = { $case: 'permissionWithdrawn', value: { caseReference, permissionId } } as const;
  return service === 'referral' ? toReferral(caseReference, message) : toIntake(caseReference, message);
}

/** Whoever is refused every section of it may not be asked; who is refused some may, and is told less. */
function leftForEverySection(permission: NewPermission, file: CaseFile): ReceiverRule {
  const noes = countingNoes(file);
  const left = permission.sections.map((section) => leftOfReceivers(permission, noes, section));
  const [first] = left;
  if (!first) return permission.receivers;
  const anywhere = (pick: (rule: ReceiverRule) => readonly string[]): string[] => [...new Set(left.flatMap(pick))];
  return {
    excludedRegions: first.excludedRegions,
    excludedOrganisationIds: first.excludedOrganisationIds.filter((one) =>
      left.every((rule) => rule.excludedOrganisationIds.includes(one)),
    ),
    organisationIds: anywhere((rule) => rule.organisationIds),
    serviceClasses: anywhere((rule) => rule.serviceClasses),
  };
}

const ruleOf = (rule: ReceiverRule) => ({
  ...{ excludedRegions: [...rule.excludedRegions], excludedOrganisationIds: [...rule.excludedOrganisationIds] },
  ...{ organisationIds: [...rule.organisationIds], serviceClasses: [...rule.serviceClasses] },
});

const validity = ({ validFrom, validUntil }: { readonly validFrom: number; readonly validUntil: number }) => ({
  validFrom: new Date(validFrom),
  validUntil: new Date(validUntil),
});
