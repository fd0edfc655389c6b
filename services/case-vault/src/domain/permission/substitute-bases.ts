import { type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import type {
  ConsentDenial,
  LegalBasis,
  NewPermission,
  OwnChoice,
  Permission,
} from './consent-records.ts';
import {
  deniedReceivers,
  effectiveDenials,
  isWithdrawnByPerson,
  type NamedReceivers,
  removedBy,
} from './effective-receivers.ts';

/** A permission is a choice about all organisations that it names or excludes, from the time when it begins. */
export const permissionChoice = ({
  permissionId,
  sections,
  receivers,
  validFrom,
}: NewPermission): OwnChoice => ({
  by: permissionId,
  sections,
  serviceClasses: receivers.serviceClasses,
  from: validFrom,
  organisationIds: [...receivers.organisationIds, ...receivers.excludedOrganisationIds],
});

export const denialChoice = (
  { denialId, sections, organisationIds, serviceClasses }: ConsentDenial,
  now: Instant,
): OwnChoice => ({
  by: denialId,
  sections,
  organisationIds,
  serviceClasses,
  from: now,
});

/** Denials that narrow a permission, for the basis that replaces it. */
export const denialsAgainst = (file: CaseFile, permission: Permission, now: Instant): OwnChoice[] =>
  effectiveDenials(file)
    .filter((denial) => denial.purpose === permission.purpose)
    .map((denial) => ({ ...denialChoice(denial, now), ...removedBy(permission, denial) }))
    .filter(namesSomebody);

/** Denials for a purpose, without receivers that were permitted again later. */
export const earlierDenials = (file: CaseFile, purpose: string, now: Instant): OwnChoice[] =>
  file.denials
    .filter((denial) => denial.purpose === purpose)
    .map((denial) => ({ ...denialChoice(denial, now), ...deniedReceivers(file, denial) }))
    .filter(namesSomebody);

const namesSomebody = ({ organisationIds, serviceClasses }: NamedReceivers): boolean =>
  organisationIds.length > 0 || serviceClasses.length > 0;

/** Receivers about whom the person has decided by now, for one section. A permission that was withdrawn before it began counts too. */
export function chosenReceivers(
  file: Pick<CaseFile, 'permissions' | 'denials' | 'person'>,
  { ownChoices = [] }: LegalBasis,
  section: string,
  now: Instant,
): NamedReceivers {
  const counting = effectiveDenials(file);
  const silent = file.denials
    .filter((denial) => !counting.includes(denial))
    .map(({ denialId }) => denialId);
  const isWithdrawn = (by: string): boolean =>
    file.permissions.some(
      (one) =>
        one.permissionId === by &&
        isWithdrawnByPerson(one) &&
        one.withdrawnAt !== undefined &&
        one.withdrawnAt <= now,
    );
  const counted = ownChoices.filter(
    (one) =>
      one.sections.includes(section) &&
      !silent.includes(one.by) &&
      (one.from <= now || isWithdrawn(one.by)),
  );
  return {
    organisationIds: counted.flatMap((one) => one.organisationIds),
    serviceClasses: counted.flatMap((one) => one.serviceClasses),
  };
}

/** A choice of the person narrows substitute bases for the receivers that it names, or ends them. */
export const narrowSubstitutes = (
  file: CaseFile,
  purpose: string,
  ownChoice: OwnChoice,
  now: Instant,
): CaseFileEvent[] =>
  substitutesFor(file, purpose, now)
    .filter((one) => one.sections.some((section) => ownChoice.sections.includes(section)))
    .flatMap((one): CaseFileEvent[] => {
      const { basisId } = one;
      const narrowed = { ...one, ownChoices: [...(one.ownChoices ?? []), ownChoice] };
      return isExhausted(file, narrowed, now)
        ? endOfBasis(file, basisId, now)
        : [{ type: 'BasisNarrowed', basisId, ownChoice }];
    });

/** Meets the deadline to ask for consent, unless a substitute basis still covers receivers about whom the person has not decided. */
export const consentDeadlineMet = (
  file: CaseFile,
  purpose: string,
  ownChoice: OwnChoice,
  now: Instant,
): CaseFileEvent[] => {
  const then = instant(Math.max(now, ownChoice.from));
  const open = substitutesFor(file, purpose, now).some(
    (one) =>
      one.receivers &&
      !isExhausted(file, { ...one, ownChoices: [...(one.ownChoices ?? []), ownChoice] }, then),
  );
  return open ? [] : deadlineMet(file, 'ask-consent-again', purpose);
};

/** Substitute bases that have neither ended nor expired. */
export const substitutesFor = (file: CaseFile, purpose: string, now: Instant): LegalBasis[] =>
  file.bases.filter(
    (one) =>
      one.isSubstitute &&
      one.purpose === purpose &&
      one.endedAt === undefined &&
      now < one.validUntil,
  );

export const endOfBasis = (file: CaseFile, basisId: string, at: Instant): CaseFileEvent[] => [
  { type: 'BasisEnded', basisId, at },
  ...deadlineMet(file, 'review-of-basis', basisId),
  ...deadlineMet(file, 'basis-ends-soon', basisId),
  ...deadlineMet(file, 'basis-ends', basisId),
];

/** Whether the person has decided about every receiver of this basis. The owner's basis without receivers is never exhausted. */
export function isExhausted(file: CaseFile, basis: LegalBasis, now: Instant): boolean {
  const { receivers, controller } = basis;
  return basis.sections.every((section) => {
    const chosen = chosenReceivers(file, basis, section, now);
    if (controller !== file.ownerOrg) return chosen.organisationIds.includes(controller);
    if (!receivers) return false;
    return (
      receivers.organisationIds.every((one) => chosen.organisationIds.includes(one)) &&
      receivers.serviceClasses.every((one) => chosen.serviceClasses.includes(one))
    );
  });
}
