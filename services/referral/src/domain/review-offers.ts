import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { loseUnit } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import type { RuleCode } from './matching/candidate.ts';
import type { OfferId } from './need.ts';
import { hasEnded } from './offer.ts';
import { placeOf, type Referral } from './referral.ts';
import { search } from './search.ts';
import { type Knowledge, runSteps, type Step } from './steps.ts';
import { failedRuleOf, failedRulesOf, withdrawUnsafe } from './unsafe.ts';

/**
 * Withdraws every offer whose safety rules do not hold now, and asks the next service. A permission or accreditation can end by time,
 * and a message can be unreadable, so this check also runs at each deadline.
 */
export const withdrawUnsafeAndSearch: Step = (referral, knowledge) => {
  const taken = runSteps(referral, knowledge, withdrawUnsafe(), loseUnsafeUnit);
  return taken.length === 0 ? [] : runSteps(referral, knowledge, () => taken, search);
};

/**
 * The one step after any change of facts: the need, the party, the basis, an age, the directory. Every live offer is checked again. It
 * never releases a place that is confirmed, travelled to or occupied: it raises an alert.
 */
export const reviewAfterChange: Step = (referral, knowledge) =>
  runSteps(referral, knowledge, withdrawUnsafeAndSearch, alertUnsafePlace, search);

const loseUnsafeUnit: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || referral.stage.name !== 'confirming') return [];
  const code = failedRuleOf(referral, place, knowledge);
  return code === undefined ? [] : loseUnit(place.offerId, code, 'to-release')(referral, knowledge);
};

/** Raises an alert for each rule that fails for a confirmed place. A rule that failed before hides no other. */
export const alertUnsafePlace: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || hasEnded(place) || referral.stage.name === 'started') return [];
  return runSteps(
    referral,
    knowledge,
    ...failedRulesOf(referral, place, knowledge).map((rule) => alertOf(rule, place.offerId)),
  );
};

function alertOf(rule: RuleCode, offerId: OfferId): Step {
  switch (rule) {
    case 'BASIS':
      return raiseAlert('basis-lost');
    case 'NOT_ACCREDITED':
      return raiseAlert('service-suspended', offerId);
    case 'GROUP':
    case 'AGE':
    case 'SIZE':
    case 'TOGETHER':
    case 'ACCESSIBILITY':
    case 'CHILD_LICENCE':
    case 'SERVICE_MISSING':
    case 'EXCLUDED_AREA':
    case 'NOT_POSSIBLE_HERE':
    case 'CONFLICT':
    case 'FUNDING_COVER':
    case 'CLOSED':
    case 'NO_FREE_UNIT':
    case 'ALREADY_ASKED':
    case 'DECLINED_RECENTLY':
    case 'PERSON_DECLINED':
      return raiseAlert('place-unsafe', offerId);
  }
}

/**
 * A suitable service may have confirmed an unsuitable bed: in a room for another group, or without the accessibility that is needed now.
 * The shelter checks a bed that is not requested yet when it confirms it. For a bed that was requested before the change an alert is
 * raised.
 */
export const alertChangedTerms =
  (before: Referral): Step =>
  (referral, knowledge) => {
    const place = placeOf(referral);
    if (!place || hasEnded(place) || place.offerId !== placeOf(before)?.offerId) return [];
    const { group, accessibility } = referral.need;
    const needsMore = accessibility.some((one) => !before.need.accessibility.includes(one));
    return group !== before.need.group || needsMore
      ? raiseAlert('place-unsafe', place.offerId)(referral, knowledge)
      : [];
  };

/** Reviews every live offer, after an unsafe one was found without an event that announced it. */
export function reviewOffers(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  const events = withdrawUnsafeAndSearch(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}
