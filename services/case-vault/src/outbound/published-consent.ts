import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import type { CaseFile, LegalBasis } from '../domain/case-file.ts';
import type {
  ConsentDenial,
  NewPermission,
  ReceiverRule,
} from '../domain/permission/consent-records.ts';
import {
  deniedReceivers,
  effectiveDenials,
  effectiveReceivers,
} from '../domain/permission/effective-receivers.ts';
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
export function basisRecorded(
  audience: Audience,
  basis: LegalBasis,
  file: CaseFile,
): OutgoingMessage[] {
  const { service, reference: caseReference } = audience;
  if (service !== 'referral' || basis.controller !== file.ownerOrg) return [];
  const { basisId, code, purpose, receivers } = basis;
  const value = { caseReference, basisId, code, purpose, ...validity(basis) };
  const silent = ineffectiveDenialIds(file);
  const ownChoices = (basis.ownChoices ?? [])
    .filter(({ by }) => !silent.includes(by))
    .map(({ organisationIds, serviceClasses, from }) => ({
      organisationIds: [...organisationIds],
      serviceClasses: [...serviceClasses],
      from: new Date(from),
    }));
  if (!receivers && !basis.ownChoices)
    return [toReferral(caseReference, { $case: 'basisRecorded', value })];
  const limits = { receivers: receivers && ruleOf(receivers), ownChoices };
  return [
    toReferral(caseReference, { $case: 'limitedBasisRecorded', value: { ...value, ...limits } }),
  ];
}

/** Denials that no longer count because the guardian who gave them is suspected. */
const ineffectiveDenialIds = (file: CaseFile): string[] => {
  const counting = effectiveDenials(file);
  return file.denials
    .filter((denial) => !counting.includes(denial))
    .map(({ denialId }) => denialId);
};

/**
 * A permission after the denials. Published again it replaces the earlier one; without receivers it is withdrawn.
 */
export function permissionGranted(
  audience: Audience,
  permission: NewPermission,
  file: CaseFile,
): OutgoingMessage[] {
  const { permissionId, purpose } = permission;
  const { service, reference: caseReference } = audience;
  const effective = receiversInAnySection(permission, file);
  const nobody = effective.organisationIds.length === 0 && effective.serviceClasses.length === 0;
  if (nobody) return [withdrawn(audience, permissionId)];
  if (service === 'referral') {
    const value = {
      caseReference,
      permissionId,
      purpose,
      receivers: ruleOf(effective),
      ...validity(permission),
    };
    return [toReferral(caseReference, { $case: 'permissionGranted', value })];
  }
  // Permission that an authority may use the case: by the name of the body alone, never by a class.
  const organisationIds = effective.organisationIds.filter(
    (one) => !effective.excludedOrganisationIds.includes(one),
  );
  const value = { caseReference, permissionId, organisationIds, ...validity(permission) };
  return [toIntake(caseReference, { $case: 'permissionGranted', value })];
}

/** A denial as it counts now: without receivers permitted since. */
export function denialRecorded(
  audience: Audience,
  denial: ConsentDenial,
  file: CaseFile,
): OutgoingMessage[] {
  const { service, reference: caseReference } = audience;
  const { denialId, purpose } = denial;
  const effective = deniedReceivers(file, denial);
  const value = { caseReference, denialId, organisationIds: [...effective.organisationIds] };
  if (service !== 'referral') return [toIntake(caseReference, { $case: 'denialRecorded', value })];
  const serviceClasses = [...effective.serviceClasses];
  return [
    toReferral(caseReference, {
      $case: 'denialRecorded',
      value: { ...value, purpose, serviceClasses },
    }),
  ];
}

export function withdrawn(
  { service, reference: caseReference }: Audience,
  permissionId: string,
): OutgoingMessage {
  const message = { $case: 'permissionWithdrawn', value: { caseReference, permissionId } } as const;
  return service === 'referral'
    ? toReferral(caseReference, message)
    : toIntake(caseReference, message);
}

/** Whoever is refused every section of it may not be asked; who is refused some may, and is told less. */
function receiversInAnySection(permission: NewPermission, file: CaseFile): ReceiverRule {
  const denials = effectiveDenials(file);
  const effective = permission.sections.map((section) =>
    effectiveReceivers(permission, denials, section),
  );
  const [first] = effective;
  if (!first) return permission.receivers;
  const anywhere = (pick: (rule: ReceiverRule) => readonly string[]): string[] => [
    ...new Set(effective.flatMap(pick)),
  ];
  return {
    excludedRegions: first.excludedRegions,
    excludedOrganisationIds: first.excludedOrganisationIds.filter((one) =>
      effective.every((rule) => rule.excludedOrganisationIds.includes(one)),
    ),
    organisationIds: anywhere((rule) => rule.organisationIds),
    serviceClasses: anywhere((rule) => rule.serviceClasses),
  };
}

const ruleOf = (rule: ReceiverRule) => ({
  excludedRegions: [...rule.excludedRegions],
  excludedOrganisationIds: [...rule.excludedOrganisationIds],
  organisationIds: [...rule.organisationIds],
  serviceClasses: [...rule.serviceClasses],
});

const validity = ({
  validFrom,
  validUntil,
}: {
  readonly validFrom: number;
  readonly validUntil: number;
}) => ({
  validFrom: new Date(validFrom),
  validUntil: new Date(validUntil),
});
