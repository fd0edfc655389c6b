import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import { type CaseFile, type LegalBasis, type Permission, referencesOf } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';

type ToReferral = EventOf<typeof topics.caseVaultForReferral>;

/** Purposes for which `referral` seeks a place: it is told of no other ground. */
const PLACE_PURPOSES = ['immediate-protection', 'accommodation'];
const IDENTIFICATION = 'identification-decision';

/** What each entitled service is told of an event, by its own reference of the case alone. */
export function messagesOf(event: CaseFileEvent, file: CaseFile): OutgoingMessage[] {
  switch (event.type) {
    case 'ReferenceRegistered':
      return introduce(event.service, event.reference, file);
    case 'BasisRecorded':
      return toReferral(file, (reference) => basisRecorded(reference, event.basis));
    case 'PermissionGranted':
      return [
        ...toReferral(file, (reference) => permissionGranted(reference, event.permission)),
        ...referencesOf(file, 'identification-intake').flatMap((one) => permissionToKnow(one, event.permission)),
      ];
    case 'PermissionWithdrawn':
      return withdrawal(event.permissionId, file);
    case 'KeepApartSet':
      return toReferral(file, (caseReference) => [
        { $case: 'keepApartSet', value: { caseReference, apartId: event.pair.apartId } },
      ]);
    default:
      return [];
  }
}

const toReferral = (file: CaseFile, say: (reference: string) => ToReferral[]): OutgoingMessage[] =>
  referencesOf(file, 'referral').flatMap((reference) =>
    say(reference).map((event) => outgoing(topics.caseVaultForReferral, reference, event)),
  );

/** A new reference hears all that stands already: an emergency's own reference is often registered late. */
function introduce(service: string, caseReference: string, file: CaseFile): OutgoingMessage[] {
  if (service === 'identification-intake') {
    const registered = { $case: 'referenceRegistered', value: { caseReference } } as const;
    return [
      outgoing(topics.caseVaultForIdentificationIntake, caseReference, registered),
      ...file.permissions
        .filter((one) => one.withdrawnAt === undefined)
        .flatMap((one) => permissionToKnow(caseReference, one)),
    ];
  }
  const events: ToReferral[] = [
    { $case: 'referenceRegistered', value: { caseReference } },
    ...file.bases.flatMap((basis) => basisRecorded(caseReference, basis)),
    ...file.permissions
      .filter((one) => one.withdrawnAt === undefined)
      .flatMap((one) => permissionGranted(caseReference, one)),
    ...file.apart
      .filter((pair) => pair.state === 'set')
      .map(({ apartId }): ToReferral => ({ $case: 'keepApartSet', value: { caseReference, apartId } })),
  ];
  return events.map((event) => outgoing(topics.caseVaultForReferral, caseReference, event));
}

function basisRecorded(caseReference: string, basis: LegalBasis): ToReferral[] {
  if (!PLACE_PURPOSES.includes(basis.purpose)) return [];
  const { basisId, code, purpose } = basis;
  return [{ $case: 'basisRecorded', value: { caseReference, basisId, code, purpose, ...validity(basis) } }];
}

function permissionGranted(caseReference: string, permission: Omit<Permission, 'withdrawnAt'>): ToReferral[] {
  if (!PLACE_PURPOSES.includes(permission.purpose)) return [];
  const { permissionId, purpose, receivers: rule } = permission;
  const receivers = {
    ...{ excludedRegions: [...rule.excludedRegions], excludedOrganisationIds: [...rule.excludedOrganisationIds] },
    ...{ organisationIds: [...rule.organisationIds], serviceClasses: [...rule.serviceClasses] },
  };
  return [
    { $case: 'permissionGranted', value: { caseReference, permissionId, purpose, receivers, ...validity(permission) } },
  ];
}

/** That a competent authority may know her for its decision: by the name of the body alone, never by a class. */
function permissionToKnow(caseReference: string, permission: Omit<Permission, 'withdrawnAt'>): OutgoingMessage[] {
  const { permissionId, purpose, receivers } = permission;
  if (purpose !== IDENTIFICATION) return [];
  const organisationIds = receivers.organisationIds.filter((one) => !receivers.excludedOrganisationIds.includes(one));
  const value = { caseReference, permissionId, organisationIds, ...validity(permission) };
  return [outgoing(topics.caseVaultForIdentificationIntake, caseReference, { $case: 'permissionGranted', value })];
}

const validity = ({ validFrom, validUntil }: { readonly validFrom: number; readonly validUntil: number }) => ({
  validFrom: new Date(validFrom),
  validUntil: new Date(validUntil),
});

/** A withdrawal goes to every audience that the permission concerned. */
function withdrawal(permissionId: string, file: CaseFile): OutgoingMessage[] {
  const purpose = file.permissions.find((one) => one.permissionId === permissionId)?.purpose ?? '';
  const message = (caseReference: string) =>
    ({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } }) as const;
  if (PLACE_PURPOSES.includes(purpose)) return toReferral(file, (reference) => [message(reference)]);
  if (purpose !== IDENTIFICATION) return [];
  return referencesOf(file, 'identification-intake').map((reference) =>
    outgoing(topics.caseVaultForIdentificationIntake, reference, message(reference)),
  );
}
