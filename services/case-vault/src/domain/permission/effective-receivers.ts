import type { CaseFile } from '../case-file.ts';
import type { ConsentDenial, Permission, ReceiverRule } from './consent-records.ts';

type DenialSource = Pick<CaseFile, 'denials' | 'person'>;

/** Without the denials of a guardian under suspicion, which may be against the child's interest. */
export const effectiveDenials = ({ denials, person }: DenialSource): ConsentDenial[] =>
  denials.filter(
    ({ given }) =>
      !person.guardians.some(
        (one) => one.guardianId === given.guardianId && one.suspectedAt !== undefined,
      ),
  );

/** Receivers by name or class. */
export type NamedReceivers = Pick<ConsentDenial, 'organisationIds' | 'serviceClasses'>;

type PermissionTerms = Pick<Permission, 'receivers' | 'purpose' | 'given' | 'firstGivenAt'>;

/** Denials since this time count against the permission. For a renewal or later stage it is the time of the first permission of the chain. */
export const firstGivenAt = ({
  given,
  firstGivenAt: first,
}: Pick<Permission, 'given' | 'firstGivenAt'>): number => first ?? given.at;

/** Receivers that a denial removes. A later denial removes all that it names; an earlier one only organisations that the permission does not name. */
export function removedBy(permission: PermissionTerms, denial: ConsentDenial): NamedReceivers {
  const later = denial.given.at >= firstGivenAt(permission);
  return {
    organisationIds: denial.organisationIds.filter(
      (one) => later || !permission.receivers.organisationIds.includes(one),
    ),
    serviceClasses: later ? denial.serviceClasses : [],
  };
}

/** Receivers of a permission for one section, after the denials that count. */
export function effectiveReceivers(
  permission: PermissionTerms,
  denials: readonly ConsentDenial[],
  section: string,
): ReceiverRule & { readonly excludedClasses: readonly string[] } {
  const { receivers, purpose } = permission;
  const about = denials.filter(
    (denial) => denial.purpose === purpose && denial.sections.includes(section),
  );
  const removed = about.map((denial) => removedBy(permission, denial));
  const organisations = removed.flatMap((one) => one.organisationIds);
  const classes = removed.flatMap((one) => one.serviceClasses);
  return {
    excludedRegions: receivers.excludedRegions,
    excludedOrganisationIds: [...receivers.excludedOrganisationIds, ...organisations],
    organisationIds: receivers.organisationIds.filter((one) => !organisations.includes(one)),
    serviceClasses: receivers.serviceClasses.filter((one) => !classes.includes(one)),
    excludedClasses: classes,
  };
}

/** Receivers of a denial without those that a later permission names for all sections of the denial. Withdrawn permissions do not count. */
export function deniedReceivers(
  file: Pick<CaseFile, 'permissions'> & DenialSource,
  denial: ConsentDenial,
): NamedReceivers {
  if (!effectiveDenials(file).includes(denial)) return { organisationIds: [], serviceClasses: [] };
  const answers = file.permissions.filter(
    (one) =>
      one.purpose === denial.purpose &&
      firstGivenAt(one) > denial.given.at &&
      !isWithdrawn(one) &&
      denial.sections.every((section) => one.sections.includes(section)),
  );
  const open = (list: readonly string[], of: 'organisationIds' | 'serviceClasses'): string[] =>
    list.filter((name) => !answers.some(({ receivers }) => receivers[of].includes(name)));
  return {
    organisationIds: open(denial.organisationIds, 'organisationIds'),
    serviceClasses: open(denial.serviceClasses, 'serviceClasses'),
  };
}

/** Withdrawn by the person, or ended because of suspicion. A permission that a birthday ended still counts as an answer to a denial. */
const isWithdrawn = (one: Permission): boolean =>
  isWithdrawnByPerson(one) || one.cause === 'guardian-suspected';

/** Withdrawn by the person: this permission, or one that it follows or renews. */
export const isWithdrawnByPerson = ({ cause }: Permission): boolean =>
  cause === 'withdrawn' || cause === 'earlier-stage-withdrawn';
