import type { Instant } from '@opennrm/runtime/decision';
import { leftOfReceivers, type Permission, type Refusal, stands } from './given.ts';

/** Her noes since, for the same purpose and of one of its sections. */
export const narrowedBy = (
  { purpose, sections, given }: Permission,
  refusals: readonly Refusal[],
): readonly Refusal[] =>
  refusals.filter(
    (no) => no.purpose === purpose && no.given.at >= given.at && no.sections.some((one) => sections.includes(one)),
  );

/** Where a permission stands now, in a word: `narrowed` where she said no to somebody since, `nobody-left` where that were all. */
export function stateOf(permission: Permission, refusals: readonly Refusal[], now: Instant): string {
  if (permission.withdrawnAt !== undefined) return permission.because ?? 'withdrawn';
  if (now < permission.validFrom) return 'not-yet';
  if (!stands(permission, now)) return 'over';
  if (narrowedBy(permission, refusals).length === 0) return 'standing';
  return permission.sections.some((section) => isLeft(permission, refusals, section)) ? 'narrowed' : 'nobody-left';
}

function isLeft(permission: Permission, refusals: readonly Refusal[], section: string): boolean {
  const left = leftOfReceivers(permission, refusals, section);
  const named = left.organisationIds.filter((one) => !left.excludedOrganisationIds.includes(one));
  return named.length > 0 || left.serviceClasses.length > 0;
}
