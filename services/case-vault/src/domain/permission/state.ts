import type { Instant } from '@opennrm/runtime/decision';
import { type Permission, type Refusal, stands } from './given.ts';
import { leftOfReceivers, taken } from './left.ts';

/** Her noes, of those that count, that take somebody out of a permission for one of its sections. */
export const narrowedBy = (yes: Permission, noes: readonly Refusal[]): readonly Refusal[] =>
  noes.filter((no) => {
    const { organisationIds, serviceClasses } = taken(yes, no);
    const isAbout = no.purpose === yes.purpose && no.sections.some((one) => yes.sections.includes(one));
    return isAbout && organisationIds.length + serviceClasses.length > 0;
  });

/** Where a permission stands now, in a word: `narrowed` where she said no to somebody since, `nobody-left` where that were all. */
export function stateOf(permission: Permission, noes: readonly Refusal[], now: Instant): string {
  if (permission.withdrawnAt !== undefined) return permission.because ?? 'withdrawn';
  if (now < permission.validFrom) return 'not-yet';
  if (!stands(permission, now)) return 'over';
  if (narrowedBy(permission, noes).length === 0) return 'standing';
  return permission.sections.some((section) => isLeft(permission, noes, section)) ? 'narrowed' : 'nobody-left';
}

function isLeft(permission: Permission, noes: readonly Refusal[], section: string): boolean {
  const left = leftOfReceivers(permission, noes, section);
  const named = left.organisationIds.filter((one) => !left.excludedOrganisationIds.includes(one));
  return named.length > 0 || left.serviceClasses.length > 0;
}
