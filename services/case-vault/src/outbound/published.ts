import type { EventOf, topics } from '@opennrm/contracts/topics';
import type { Consent } from '@opennrm/country';
import type { OutgoingMessage } from '@opennrm/messaging';
import type { Instant } from '@opennrm/runtime/decision';
import { type CaseFile, referencesOf } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { deniedReceivers, type NamedReceivers } from '../domain/permission/effective-receivers.ts';
import { audiencesOf } from '../domain/permission/withdrawal.ts';
import type { Audience } from '../domain/permission/withdrawal-record.ts';
import type { Age } from '../domain/person/person.ts';
import {
  basisRecorded,
  denialRecorded,
  permissionGranted,
  toIntake,
  toReferral,
  withdrawn,
} from './published-consent.ts';

type ToReferral = EventOf<typeof topics.caseVaultForReferral>;

/** Which service acts on which purpose, by the country pack. */
export type PublishingRules = Pick<Consent, 'actingServices'>;

/** The messages that an event causes, each by the receiver's own case reference only. */
export function messagesOf(
  event: CaseFileEvent,
  file: CaseFile,
  rules: PublishingRules,
): OutgoingMessage[] {
  switch (event.type) {
    case 'ReferenceRegistered':
      return messagesForNewReference(event, file, rules);
    case 'BasisRecorded':
      return messagesFor(file, rules, event.basis.purpose, (one) =>
        basisRecorded(one, event.basis, file),
      );
    case 'BasisNarrowed':
      return file.bases
        .filter(({ basisId }) => basisId === event.basisId)
        .flatMap((basis) =>
          messagesFor(file, rules, basis.purpose, (one) => basisRecorded(one, basis, file)),
        );
    case 'BasisEnded': {
      const { basisId } = event;
      return messagesFor(
        file,
        rules,
        purposeOf(file.bases, 'basisId', basisId),
        ({ service, reference }) =>
          service === 'referral'
            ? [
                toReferral(reference, {
                  $case: 'basisEnded',
                  value: { caseReference: reference, basisId },
                }),
              ]
            : [],
      );
    }
    case 'PermissionGranted':
      return [
        ...messagesFor(file, rules, event.permission.purpose, (one) =>
          permissionGranted(one, event.permission, file),
        ),
        ...repeatDenials(file, rules, event.permission.purpose, event.permission.receivers),
      ];
    case 'PermissionShortened':
      return file.permissions
        .filter(({ permissionId }) => permissionId === event.permissionId)
        .flatMap((one) =>
          messagesFor(file, rules, one.purpose, (audience) =>
            permissionGranted(audience, one, file),
          ),
        );
    case 'DenialRecorded':
      return [
        ...repeatPermissions(file, rules, event.denial.purpose),
        ...messagesFor(file, rules, event.denial.purpose, (one) =>
          denialRecorded(one, event.denial, file),
        ),
      ];
    case 'GuardianSuspected':
    case 'SuspicionLifted':
      return repeatGuardianDenials(file, rules, event.guardianId);
    case 'PermissionWithdrawn': {
      const { permissionId } = event;
      const ended = file.permissions.find((one) => one.permissionId === permissionId);
      return [
        ...messagesFor(file, rules, ended?.purpose ?? '', (one) => [withdrawn(one, permissionId)]),
        ...(ended ? repeatDenials(file, rules, ended.purpose, ended.receivers) : []),
      ];
    }
    case 'KeepApartSet':
      return toEveryReferral(file, (caseReference) => ({
        $case: 'keepApartSet',
        value: { caseReference, apartId: event.pair.apartId },
      }));
    case 'ComingOfAgeWarned':
      return ageChanged(file, 'comes-of-age-soon');
    case 'CameOfAge':
      return ageChanged(file, 'came-of-age', {
        underEighteen: 'no',
        recordedAt: new Date(event.at),
      });
    case 'AgeRecorded':
      return ageChanged(
        file,
        event.age === 'disputed'
          ? 'age-disputed'
          : event.settlesDispute
            ? 'age-determined'
            : 'age-recorded',
        recordedAge(event.age, event.at),
      );
    default:
      return [];
  }
}

/** Publishes the permissions of a purpose again, as narrowed by the denials. */
const repeatPermissions = (
  file: CaseFile,
  rules: PublishingRules,
  purpose: string,
): OutgoingMessage[] =>
  file.permissions
    .filter((one) => one.withdrawnAt === undefined && one.purpose === purpose)
    .flatMap((one) =>
      messagesFor(file, rules, purpose, (audience) => permissionGranted(audience, one, file)),
    );

/** Publishes the denials with a common receiver again, because a permission answers them until it is withdrawn. */
const repeatDenials = (
  file: CaseFile,
  rules: PublishingRules,
  purpose: string,
  permission: NamedReceivers,
): OutgoingMessage[] =>
  file.denials
    .filter(
      (denial) =>
        denial.purpose === purpose &&
        (denial.organisationIds.some((one) => permission.organisationIds.includes(one)) ||
          denial.serviceClasses.some((one) => permission.serviceClasses.includes(one))),
    )
    .flatMap((denial) =>
      messagesFor(file, rules, purpose, (audience) => denialRecorded(audience, denial, file)),
    );

/** Publishes again what the guardian's denials narrow, because these count only without suspicion. The guardian's permissions end separately. */
function repeatGuardianDenials(
  file: CaseFile,
  rules: PublishingRules,
  guardianId: string,
): OutgoingMessage[] {
  const denials = file.denials.filter(({ given }) => given.guardianId === guardianId);
  const others = file.permissions.filter(({ given }) => given.guardianId !== guardianId);
  return [...new Set(denials.map(({ purpose }) => purpose))].flatMap((purpose) => [
    ...repeatPermissions({ ...file, permissions: others }, rules, purpose),
    ...denials
      .filter((denial) => denial.purpose === purpose)
      .flatMap((denial) =>
        messagesFor(file, rules, purpose, (audience) => denialRecorded(audience, denial, file)),
      ),
    ...file.bases
      .filter(
        (one) =>
          one.endedAt === undefined && one.purpose === purpose && one.ownChoices !== undefined,
      )
      .flatMap((one) =>
        messagesFor(file, rules, purpose, (audience) => basisRecorded(audience, one, file)),
      ),
  ]);
}

/** Messages for the services that act on a purpose, and for no others. */
const messagesFor = (
  file: CaseFile,
  rules: PublishingRules,
  purpose: string,
  messageOf: (audience: Audience) => OutgoingMessage[],
): OutgoingMessage[] => audiencesOf(file, purpose, rules).flatMap(messageOf);

const toEveryReferral = (
  file: CaseFile,
  messageOf: (reference: string) => ToReferral,
): OutgoingMessage[] =>
  referencesOf(file, 'referral').map((reference) => toReferral(reference, messageOf(reference)));

interface RecordedAge {
  readonly underEighteen: string;
  readonly recordedAt: Date;
}

const ageChanged = (file: CaseFile, code: string, recorded?: RecordedAge): OutgoingMessage[] =>
  toEveryReferral(file, (caseReference) => ({
    $case: 'ageChanged',
    value: { caseReference, code, underEighteen: '', recordedAt: undefined, ...recorded },
  }));

function recordedAge(age: Age, at: Instant | undefined): RecordedAge | undefined {
  const underEighteen = treatedAsUnderEighteen(age);
  return underEighteen === undefined || at === undefined
    ? undefined
    : { underEighteen, recordedAt: new Date(at) };
}

function treatedAsUnderEighteen(age: Age): string | undefined {
  switch (age) {
    case 'child':
      return 'yes';
    case 'adult':
      return 'no';
    case 'unsure':
    case 'disputed':
      return 'unsure';
    case 'not-stated':
      return undefined;
  }
}

const purposeOf = <Name extends string>(
  list: readonly ({ readonly purpose: string } & Readonly<Record<Name, string>>)[],
  name: Name,
  id: string,
): string => list.find((one) => one[name] === id)?.purpose ?? '';

/** Publishes the current state for a new reference, because an emergency's own reference is often registered late. */
function messagesForNewReference(
  { service, reference: caseReference }: Audience,
  file: CaseFile,
  rules: PublishingRules,
): OutgoingMessage[] {
  const acts = (purpose: string): Audience[] =>
    audiencesOf(file, purpose, rules).filter(
      (one) => one.service === service && one.reference === caseReference,
    );
  const permissions = file.permissions
    .filter((one) => one.withdrawnAt === undefined)
    .flatMap((one) =>
      acts(one.purpose).flatMap((audience) => permissionGranted(audience, one, file)),
    );
  const denials = file.denials
    .filter((denial) => namesSomebody(deniedReceivers(file, denial)))
    .flatMap((denial) =>
      acts(denial.purpose).flatMap((audience) => denialRecorded(audience, denial, file)),
    );
  if (service === 'identification-intake')
    return [
      toIntake(caseReference, { $case: 'referenceRegistered', value: { caseReference } }),
      ...permissions,
      ...denials,
    ];
  const sameCaseReferences = referencesOf(file, 'referral').filter((one) => one !== caseReference);
  return [
    ...repeatAge(caseReference, file),
    toReferral(caseReference, {
      $case: 'referenceRegistered',
      value: { caseReference, sameCaseReferences },
    }),
    ...denials,
    ...file.bases
      .filter((one) => one.endedAt === undefined)
      .flatMap((basis) =>
        acts(basis.purpose).flatMap((audience) => basisRecorded(audience, basis, file)),
      ),
    ...permissions,
    ...file.apart
      .filter((pair) => pair.state === 'set')
      .map(({ apartId }) =>
        toReferral(caseReference, { $case: 'keepApartSet', value: { caseReference, apartId } }),
      ),
  ];
}

/** Sent before the registration, the permissions and the bases, so that no service is asked that does not suit the age. */
function repeatAge(caseReference: string, { person }: CaseFile): OutgoingMessage[] {
  const recorded = recordedAge(person.age, person.ageRecordedAt);
  return recorded === undefined
    ? []
    : [
        toReferral(caseReference, {
          $case: 'ageChanged',
          value: { caseReference, code: 'age-repeated', ...recorded },
        }),
      ];
}

const namesSomebody = ({ organisationIds, serviceClasses }: NamedReceivers): boolean =>
  organisationIds.length > 0 || serviceClasses.length > 0;
