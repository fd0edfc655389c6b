import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseReference } from './need.ts';
import { caseReferences, isOver, type Referral } from './referral.ts';

export type ReplacementRefusal = 'not-found' | 'members-left-out';

/** The referrals among these that are not over and that include one of these cases. */
export const liveReferralsOf = (
  referrals: readonly Referral[],
  cases: readonly CaseReference[],
): Referral[] =>
  referrals.filter(
    (one) => !isOver(one) && caseReferences(one).some((reference) => cases.includes(reference)),
  );

/**
 * A request may replace a live referral only explicitly, and only if it includes every member of that referral. Nobody loses a place
 * because they were forgotten.
 * @param cases every reference of the people in the request.
 * @returns the refusal; undefined where the referral may be replaced.
 */
export function replacementRefusal(
  replaced: Referral | undefined,
  cases: readonly CaseReference[],
): Decision<never, ReplacementRefusal> | undefined {
  if (!replaced) return refuse('not-found', 'replaces_referral_id');
  return caseReferences(replaced).every((reference) => cases.includes(reference))
    ? undefined
    : refuse('members-left-out', 'replaces_referral_id');
}
