import { accept, ignore } from '@opennrm/runtime/decision';
import { raiseAlert, resolveAlerts } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { CaseReference } from './need.ts';
import { caseReferences, isAtPlace, isOver, type Referral } from './referral.ts';
import { allReferencesOf, hasSamePersonTwice, type SamePerson } from './same-person.ts';
import { runSteps, type Step } from './steps.ts';

const REFERRED_TWICE = 'person-referred-twice';

/**
 * Raises an alert where two places may be found for one person. The owner of the alert decides which referral to withdraw. The alert is
 * resolved when no other referral of the person for this need is live. It stays open where the person arrived at the place of the other
 * referral, because this referral may still hold a place that nobody needs. In that case it is also raised, if the other referral uses
 * another reference: its requester may not know of it.
 * @param others the referrals of the same people, over or not; may include this one.
 */
export const reviewReferredTwice =
  (others: readonly Referral[], samePerson: SamePerson): Decide =>
  (referral, knowledge) => {
    if (isOver(referral)) return ignore('already-over');
    const events = runSteps(referral, knowledge, raiseOrResolve(others, samePerson));
    return events.length > 0 ? accept(...events) : ignore('nothing-changes');
  };

const raiseOrResolve =
  (others: readonly Referral[], samePerson: SamePerson): Step =>
  (referral, knowledge) => {
    const second = secondReferrals(referral, others, samePerson);
    const isReferredTwice =
      second.some((one) => !isOver(one) || isUnderOtherReferences(one, referral)) ||
      hasSamePersonTwice(caseReferences(referral), samePerson);
    if (isReferredTwice) return raiseAlert(REFERRED_TWICE)(referral, knowledge);
    return second.length > 0 ? [] : resolveAlerts(REFERRED_TWICE)(referral, knowledge);
  };

const isUnderOtherReferences = (one: Referral, other: Referral): boolean =>
  !caseReferences(one).some((reference) => caseReferences(other).includes(reference));

/** The other referrals for the same need of a member of this party: live ones, and ones at whose place the person is. */
export function secondReferrals(
  referral: Referral,
  others: readonly Referral[],
  samePerson: SamePerson,
): readonly Referral[] {
  const people = allReferencesOf(caseReferences(referral), samePerson);
  return others.filter(
    (one) =>
      one.referralId !== referral.referralId &&
      one.need.need === referral.need.need &&
      caseReferences(one).some((reference) => people.includes(reference)) &&
      (!isOver(one) || isAtPlace(one)),
  );
}

/** The alert was raised and is not resolved. */
export const hasReferredTwiceAlert = ({ alerts }: Referral): boolean =>
  alerts.some(({ code }) => code === REFERRED_TWICE);

/**
 * The cases whose referrals must be reviewed after these events: the whole party where the referral ended without a place, where the
 * stay ended, or where a member left. An arrival requires no review.
 */
export function casesToReview(
  referral: Referral,
  events: readonly ReferralEvent[],
): CaseReference[] {
  const left = events.flatMap((event) =>
    event.type === 'MemberLeft' ? [event.member.caseReference] : [],
  );
  return left.length > 0 || events.some(endsNeedForPlace)
    ? [...left, ...caseReferences(referral)]
    : [];
}

const endsNeedForPlace = (event: ReferralEvent): boolean =>
  event.type === 'ReferralWithdrawn' ||
  event.type === 'ReferralRefused' ||
  event.type === 'ReferralEnded' ||
  (event.type === 'ServiceChanged' && event.ended);
