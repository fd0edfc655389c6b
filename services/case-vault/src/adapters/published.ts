import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import { type CaseFile, type LegalBasis, referencesOf } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { leftOfReceivers, type NewPermission, type ReceiverRule } from '../domain/permission/given.ts';
import { type Audience, audiencesOf } from '../domain/permission/withdrawal.ts';

type ToReferral = EventOf<typeof topics.caseVaultForReferral>;
type ToIntake = EventOf<typeof topics.caseVaultForIdentificationIntake>;

/** What each entitled service is told of an event, by its own reference of the case alone. */
export function messagesOf(event: CaseFileEvent, file: CaseFile): OutgoingMessage[] {
  switch (event.type) {
    case 'ReferenceRegistered':
      return introduce(event, file);
    case 'BasisRecorded':
      return tell(file, event.basis.purpose, (one) => basisRecorded(one, event.basis, file));
    case 'BasisEnded': {
      const { basisId } = event;
      return tell(file, purposeOf(file.bases, 'basisId', basisId), ({ service, reference }) =>
        service === 'referral'
          ? [toReferral(reference, { $case: 'basisEnded', value: { caseReference: reference, basisId } })]
          : [],
      );
    }
    case 'PermissionGranted':
      return tell(file, event.permission.purpose, (one) => permissionGranted(one, event.permission, file));
    case 'PermissionRefused':
      return file.permissions
        .filter((one) => one.withdrawnAt === undefined && one.purpose === event.refusal.purpose)
        .flatMap((one) => tell(file, one.purpose, (audience) => permissionGranted(audience, one, file)));
    case 'PermissionWithdrawn': {
      const { permissionId } = event;
      return tell(file, purposeOf(file.permissions, 'permissionId', permissionId), (one) => [
        withdrawn(one, permissionId),
      ]);
    }
    case 'KeepApartSet':
      return everyReferral(file, (caseReference) => ({
        ...{ $case: 'keepApartSet', value: { caseReference, apartId: event.pair.apartId } },
      }));
    case 'ComingOfAge':
      return ageChanged(file, 'comes-of-age-soon');
    case 'CameOfAge':
      return ageChanged(file, 'came-of-age');
    case 'AgeRecorded':
      return ageChanged(file, 'age-recorded');
    default:
      return [];
  }
}

const toReferral = (reference: string, event: ToReferral): OutgoingMessage =>
  outgoing(topics.caseVaultForReferral, reference, event);
const toIntake = (reference: string, event: ToIntake): OutgoingMessage =>
  outgoing(topics.caseVaultForIdentificationIntake, reference, event);

/** Only the services that act on a purpose are told of what stands for it. */
const tell = (file: CaseFile, purpose: string, say: (audience: Audience) => OutgoingMessage[]): OutgoingMessage[] =>
  audiencesOf(file, purpose).flatMap(say);

const everyReferral = (file: CaseFile, say: (reference: string) => ToReferral): OutgoingMessage[] =>
  referencesOf(file, 'referral').map((reference) => toReferral(reference, say(reference)));

const ageChanged = (file: CaseFile, code: string): OutgoingMessage[] =>
  everyReferral(file, (caseReference) => ({ $case: 'ageChanged', value: { caseReference, code } }));

const purposeOf = <Name extends string>(
  list: readonly ({ readonly purpose: string } & Readonly<Record<Name, string>>)[],
  name: Name,
  id: string,
): string => list.find((one) => one[name] === id)?.purpose ?? '';

/** A new reference hears all that stands already: an emergency's own reference is often registered late. */
function introduce({ service, reference: caseReference }: Audience, file: CaseFile): OutgoingMessage[] {
  const acts = (purpose: string): Audience[] =>
    audiencesOf(file, purpose).filter((one) => one.service === service && one.reference === caseReference);
  const registered = { $case: 'referenceRegistered', value: { caseReference } } as const;
  const permissions = file.permissions
    .filter((one) => one.withdrawnAt === undefined)
    .flatMap((one) => acts(one.purpose).flatMap((audience) => permissionGranted(audience, one, file)));
  if (service === 'identification-intake') return [toIntake(caseReference, registered), ...permissions];
  return [
    toReferral(caseReference, registered),
    ...file.bases
      .filter((one) => one.endedAt === undefined)
      .flatMap((basis) => acts(basis.purpose).flatMap((audience) => basisRecorded(audience, basis, file))),
    ...permissions,
    ...file.apart
      .filter((pair) => pair.state === 'set')
      .map(({ apartId }) => toReferral(caseReference, { $case: 'keepApartSet', value: { caseReference, apartId } })),
  ];
}

/** Of another controller's basis nobody else is told: it covers that controller alone. */
function basisRecorded(audience: Audience, basis: LegalBasis, { ownerOrg }: CaseFile): OutgoingMessage[] {
  const { service, reference: caseReference } = audience;
  if (service !== 'referral' || basis.controller !== ownerOrg) return [];
  const { basisId, code, purpose } = basis;
  return [
    toReferral(caseReference, {
      ...{ $case: 'basisRecorded', value: { caseReference, basisId, code, purpose, ...validity(basis) } },
    }),
  ];
}

/**
 * A permission, as what she refused since leaves it. Said again it takes the place of what was said before: narrower, and where nobody is left it
 * has ended.
 */
function permissionGranted(audience: Audience, permission: NewPermission, file: CaseFile): OutgoingMessage[] {
  const { permissionId, purpose } = permission;
  const { service, reference: caseReference } = audience;
  const left = leftForEverySection(permission, file);
  const nobody = left.organisationIds.length === 0 && left.serviceClasses.length === 0;
  if (nobody) return [withdrawn(audience, permissionId)];
  if (service === 'referral') {
    const receivers = {
      ...{ excludedRegions: [...left.excludedRegions], excludedOrganisationIds: [...left.excludedOrganisationIds] },
      ...{ organisationIds: [...left.organisationIds], serviceClasses: [...left.serviceClasses] },
    };
    const value = { caseReference, permissionId, purpose, receivers, ...validity(permission) };
    return [toReferral(caseReference, { $case: 'permissionGranted', value })];
  }
  // That an authority may know her: by the name of the body alone, never by a class.
  const organisationIds = left.organisationIds.filter((one) => !left.excludedOrganisationIds.includes(one));
  const value = { caseReference, permissionId, organisationIds, ...validity(permission) };
  return [toIntake(caseReference, { $case: 'permissionGranted', value })];
}

/** Whoever is refused every section of it may not be asked; who is refused some may, and is told less. */
function leftForEverySection(permission: NewPermission, file: CaseFile): ReceiverRule {
  const left = permission.sections.map((section) => leftOfReceivers(permission, file.refusals, section));
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

const validity = ({ validFrom, validUntil }: { readonly validFrom: number; readonly validUntil: number }) => ({
  validFrom: new Date(validFrom),
  validUntil: new Date(validUntil),
});

function withdrawn({ service, reference: caseReference }: Audience, permissionId: string): OutgoingMessage {
  const message = { $case: 'permissionWithdrawn', value: { caseReference, permissionId } } as const;
  return service === 'referral' ? toReferral(caseReference, message) : toIntake(caseReference, message);
}
