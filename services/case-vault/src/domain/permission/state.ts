import type { Instant } from '@opennrm/runtime/decision';
import { type ConsentDenial, isValidAt, type Permission } from './consent-records.ts';
import { effectiveReceivers, removedBy } from './effective-receivers.ts';

/** Denials that remove a receiver of one of the sections. */
export const narrowedBy = (
  permission: Permission,
  denials: readonly ConsentDenial[],
): readonly ConsentDenial[] =>
  denials.filter((denial) => {
    const { organisationIds, serviceClasses } = removedBy(permission, denial);
    const isAbout =
      denial.purpose === permission.purpose &&
      denial.sections.some((one) => permission.sections.includes(one));
    return isAbout && organisationIds.length + serviceClasses.length > 0;
  });

/** State of a permission now: `narrowed` by denials, `no-receiver-left` if they removed all receivers. */
export function stateOf(
  permission: Permission,
  denials: readonly ConsentDenial[],
  now: Instant,
): string {
  if (permission.withdrawnAt !== undefined) return permission.cause ?? 'withdrawn';
  if (now < permission.validFrom) return 'not-yet-valid';
  if (!isValidAt(permission, now)) return 'expired';
  if (narrowedBy(permission, denials).length === 0) return 'valid';
  return permission.sections.some((section) => hasReceivers(permission, denials, section))
    ? 'narrowed'
    : 'no-receiver-left';
}

function hasReceivers(
  permission: Permission,
  denials: readonly ConsentDenial[],
  section: string,
): boolean {
  const effective = effectiveReceivers(permission, denials, section);
  const named = effective.organisationIds.filter(
    (one) => !effective.excludedOrganisationIds.includes(one),
  );
  return named.length > 0 || effective.serviceClasses.length > 0;
}
