import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { kept } from '../pledges.ts';
import type { Permission, Refusal, Spoken } from './given.ts';
import { countingNoes, leftOfRefusal, type Named, taken } from './left.ts';

/** A yes speaks of all whom it names, also of those whom it leaves out, from the moment from which it counts. */
export const spokenByYes = ({ permissionId, sections, receivers, validFrom }: Permission): Spoken => ({
  ...{ by: permissionId, sections, serviceClasses: receivers.serviceClasses, from: validFrom },
  organisationIds: [...receivers.organisationIds, ...receivers.excludedOrganisationIds],
});

export const spokenByNo = (
  { refusalId, sections, organisationIds, serviceClasses }: Refusal,
  now: Instant,
): Spoken => ({
  ...{ by: refusalId, sections, organisationIds, serviceClasses, from: now },
});

/** Her noes that take something out of a permission, for what takes its place. */
export const spokenAgainst = (file: CaseFile, yes: Permission, now: Instant): Spoken[] =>
  countingNoes(file)
    .filter((no) => no.purpose === yes.purpose)
    .map((no) => ({ ...spokenByNo(no, now), ...taken(yes, no) }))
    .filter(namesSomebody);

/** Her noes for a purpose that she has not answered herself since. */
export const spokenBefore = (file: CaseFile, purpose: string, now: Instant): Spoken[] =>
  file.refusals
    .filter((no) => no.purpose === purpose)
    .map((no) => ({ ...spokenByNo(no, now), ...leftOfRefusal(file, no) }))
    .filter(namesSomebody);

const namesSomebody = ({ organisationIds, serviceClasses }: Named): boolean =>
  organisationIds.length > 0 || serviceClasses.length > 0;

/** Of whom she has spoken, for one section, by now. A yes that she took back before it began was spoken too. */
export function spokenFor(
  file: Pick<CaseFile, 'permissions' | 'refusals' | 'person'>,
  { spoken = [] }: LegalBasis,
  section: string,
  now: Instant,
): Named {
  const counting = countingNoes(file);
  const silent = file.refusals.filter((no) => !counting.includes(no)).map(({ refusalId }) => refusalId);
  const endedBefore = (by: string): boolean =>
    file.permissions.some((one) => one.permissionId === by && one.withdrawnAt !== undefined && one.withdrawnAt <= now);
  const said = spoken.filter(
    (one) => one.sections.includes(section) && !silent.includes(one.by) && (one.from <= now || endedBefore(one.by)),
  );
  return {
    organisationIds: said.flatMap((one) => one.organisationIds),
    serviceClasses: said.flatMap((one) => one.serviceClasses),
  };
}

/** Her word takes the place of what stood in for it, as far as it goes and no further. */
export const standInsYield = (file: CaseFile, purpose: string, spoken: Spoken, now: Instant): CaseFileEvent[] =>
  standInsFor(file, purpose, now)
    .filter((one) => one.sections.some((section) => spoken.sections.includes(section)))
    .flatMap((one): CaseFileEvent[] => {
      const { basisId } = one;
      const narrowed = { ...one, spoken: [...(one.spoken ?? []), spoken] };
      return isExhausted(file, narrowed, now)
        ? endOfBasis(file, basisId, now)
        : [{ type: 'BasisNarrowed', basisId, spoken }];
    });

/** What stands in for her word now. */
export const standInsFor = (file: CaseFile, purpose: string, now: Instant): LegalBasis[] =>
  file.bases.filter(
    (one) => one.standsIn && one.purpose === purpose && one.endedAt === undefined && now < one.validUntil,
  );

export const endOfBasis = (file: CaseFile, basisId: string, at: Instant): CaseFileEvent[] => [
  { type: 'BasisEnded', basisId, at },
  ...kept(file, 'review-of-basis', basisId),
  ...kept(file, 'basis-ends-soon', basisId),
  ...kept(file, 'basis-ends', basisId),
];

/** She has spoken of everybody whom it reached. One that reaches whoever cares for her is never used up. */
export function isExhausted(file: CaseFile, basis: LegalBasis, now: Instant): boolean {
  const { receivers, controller } = basis;
  return basis.sections.every((section) => {
    const said = spokenFor(file, basis, section, now);
    if (controller !== file.ownerOrg) return said.organisationIds.includes(controller);
    if (!receivers) return false;
    return (
      receivers.organisationIds.every((one) => said.organisationIds.includes(one)) &&
      receivers.serviceClasses.every((one) => said.serviceClasses.includes(one))
    );
  });
}
