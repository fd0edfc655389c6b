import type { EventOf, topics } from '@opennrm/contracts/topics';
import type { OutgoingMessage } from '@opennrm/messaging';
import { type CaseFile, referencesOf } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { leftOfRefusal, type Named } from '../domain/permission/left.ts';
import { type Audience, audiencesOf } from '../domain/permission/withdrawal.ts';
import type { Age } from '../domain/person/person.ts';
import {
  basisRecorded,
  permissionGranted,
  permissionRefused,
  toIntake,
  toReferral,
  withdrawn,
} from './published-consent.ts';

type ToReferral = EventOf<typeof topics.caseVaultForReferral>;

/** What each entitled service is told of an event, by its own reference of the case alone. */
export function messagesOf(event: CaseFileEvent, file: CaseFile): OutgoingMessage[] {
  switch (event.type) {
    case 'ReferenceRegistered':
      return introduce(event, file);
    case 'BasisRecorded':
      return tell(file, event.basis.purpose, (one) => basisRecorded(one, event.basis, file));
    case 'BasisNarrowed':
      return file.bases
        .filter(({ basisId }) => basisId === event.basisId)
        .flatMap((basis) => tell(file, basis.purpose, (one) => basisRecorded(one, basis, file)));
    case 'BasisEnded': {
      const { basisId } = event;
      return tell(file, purposeOf(file.bases, 'basisId', basisId), ({ service, reference }) =>
        service === 'referral'
          ? [toReferral(reference, { $case: 'basisEnded', value: { caseReference: reference, basisId } })]
          : [],
      );
    }
    case 'PermissionGranted':
      return [
        ...tell(file, event.permission.purpose, (one) => permissionGranted(one, event.permission, file)),
        ...noesAgain(file, event.permission.purpose, event.permission.receivers),
      ];
    case 'PermissionShortened':
      return file.permissions
        .filter(({ permissionId }) => permissionId === event.permissionId)
        .flatMap((one) => tell(file, one.purpose, (audience) => permissionGranted(audience, one, file)));
    case 'PermissionRefused':
      return [
        ...permissionsAgain(file, event.refusal.purpose),
        ...tell(file, event.refusal.purpose, (one) => permissionRefused(one, event.refusal, file)),
      ];
    case 'GuardianSuspected':
    case 'SuspicionLifted':
      return hisNoesAgain(file, event.guardianId);
    case 'PermissionWithdrawn': {
      const { permissionId } = event;
      const gone = file.permissions.find((one) => one.permissionId === permissionId);
      return [
        ...tell(file, gone?.purpose ?? '', (one) => [withdrawn(one, permissionId)]),
        ...(gone ? noesAgain(file, gone.purpose, gone.receivers) : []),
      ];
    }
    case 'KeepApartSet':
      return everyReferral(file, (caseReference) => ({
        ...{ $case: 'keepApartSet', value: { caseReference, apartId: event.pair.apartId } },
      }));
    case 'ComingOfAge':
      return ageChanged(file, 'comes-of-age-soon', '');
    case 'CameOfAge':
      return ageChanged(file, 'came-of-age', 'no');
    case 'AgeRecorded':
      return ageChanged(
        file,
        event.age === 'disputed' ? 'age-disputed' : event.settles ? 'age-determined' : 'age-recorded',
        treatedAsUnderEighteen(event.age),
      );
    default:
      return [];
  }
}

/** Permissions as her noes leave them now. */
const permissionsAgain = (file: CaseFile, purpose: string): OutgoingMessage[] =>
  file.permissions
    .filter((one) => one.withdrawnAt === undefined && one.purpose === purpose)
    .flatMap((one) => tell(file, purpose, (audience) => permissionGranted(audience, one, file)));

/** Noes that a yes answers, or that count again when it is taken back. */
const noesAgain = (file: CaseFile, purpose: string, yes: Named): OutgoingMessage[] =>
  file.refusals
    .filter(
      (no) =>
        no.purpose === purpose &&
        (no.organisationIds.some((one) => yes.organisationIds.includes(one)) ||
          no.serviceClasses.some((one) => yes.serviceClasses.includes(one))),
    )
    .flatMap((no) => tell(file, purpose, (audience) => permissionRefused(audience, no, file)));

/** What stands is wider without the noes of a guardian under suspicion, and narrower with them again; what he permitted himself ends on its own. */
function hisNoesAgain(file: CaseFile, guardianId: string): OutgoingMessage[] {
  const his = file.refusals.filter(({ given }) => given.guardianId === guardianId);
  const others = file.permissions.filter(({ given }) => given.guardianId !== guardianId);
  return [...new Set(his.map(({ purpose }) => purpose))].flatMap((purpose) => [
    ...permissionsAgain({ ...file, permissions: others }, purpose),
    ...his
      .filter((no) => no.purpose === purpose)
      .flatMap((no) => tell(file, purpose, (audience) => permissionRefused(audience, no, file))),
    ...file.bases
      .filter((one) => one.endedAt === undefined && one.purpose === purpose && one.spoken !== undefined)
      .flatMap((one) => tell(file, purpose, (audience) => basisRecorded(audience, one, file))),
  ]);
}

/** Only the services that act on a purpose are told of what stands for it. */
const tell = (file: CaseFile, purpose: string, say: (audience: Audience) => OutgoingMessage[]): OutgoingMessage[] =>
  audiencesOf(file, purpose).flatMap(say);

const everyReferral = (file: CaseFile, say: (reference: string) => ToReferral): OutgoingMessage[] =>
  referencesOf(file, 'referral').map((reference) => toReferral(reference, say(reference)));

const ageChanged = (file: CaseFile, code: string, underEighteen: string): OutgoingMessage[] =>
  everyReferral(file, (caseReference) => ({ $case: 'ageChanged', value: { caseReference, code, underEighteen } }));

function treatedAsUnderEighteen(age: Age): string {
  switch (age) {
    case 'child':
      return 'yes';
    case 'adult':
      return 'no';
    case 'unsure':
    case 'disputed':
      return 'unsure';
    case 'not-stated':
      return '';
  }
}

const purposeOf = <Name extends string>(
  list: readonly ({ readonly purpose: string } & Readonly<Record<Name, string>>)[],
  name: Name,
  id: string,
): string => list.find((one) => one[name] === id)?.purpose ?? '';

/** A new reference hears all that stands already: an emergency's own reference is often registered late. */
function introduce({ service, reference: caseReference }: Audience, file: CaseFile): OutgoingMessage[] {
  const acts = (purpose: string): Audience[] =>
    audiencesOf(file, purpose).filter((one) => one.service === service && one.reference === caseReference);
  const permissions = file.permissions
    .filter((one) => one.withdrawnAt === undefined)
    .flatMap((one) => acts(one.purpose).flatMap((audience) => permissionGranted(audience, one, file)));
  const noes = file.refusals
    .filter((no) => namesSomebody(leftOfRefusal(file, no)))
    .flatMap((no) => acts(no.purpose).flatMap((audience) => permissionRefused(audience, no, file)));
  if (service === 'identification-intake')
    return [
      toIntake(caseReference, { $case: 'referenceRegistered', value: { caseReference } }),
      ...permissions,
      ...noes,
    ];
  const sameCaseReferences = referencesOf(file, 'referral').filter((one) => one !== caseReference);
  return [
    toReferral(caseReference, { $case: 'referenceRegistered', value: { caseReference, sameCaseReferences } }),
    ...noes,
    ...file.bases
      .filter((one) => one.endedAt === undefined)
      .flatMap((basis) => acts(basis.purpose).flatMap((audience) => basisRecorded(audience, basis, file))),
    ...permissions,
    ...file.apart
      .filter((pair) => pair.state === 'set')
      .map(({ apartId }) => toReferral(caseReference, { $case: 'keepApartSet', value: { caseReference, apartId } })),
  ];
}

const namesSomebody = ({ organisationIds, serviceClasses }: Named): boolean =>
  organisationIds.length > 0 || serviceClasses.length > 0;
