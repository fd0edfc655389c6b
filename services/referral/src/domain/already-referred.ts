import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseReference } from './need.ts';
import { caseReferences, isOver, type Referral } from './referral.ts';

export type ReplacementRefusal = 'not-found' | 'members-left-out';

/** Those of these referrals that are not over and in which one of these cases still is. */
export const liveReferralsOf = (
  referrals: readonly Referral[],
  cases: readonly CaseReference[],
): Referral[] =>
  referrals.filter(
    (one) => !isOver(one) && caseReferences(one).some((reference) => cases.includes(reference)),
  );

/**
 * A request may take the place of a live referral only on purpose, and only where everybody of that one is asked for again: nobody loses a place because
 * somebody else was forgotten. @param cases every reference of the people that are asked for. @returns why not; undefined where it may.
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
