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
 * Takes back every question whose safety rules do not hold now, and the next service is asked. A permission or an
 * accreditation can end by time, and a message can be unreadable, so this is looked at with each deadline too.
 */
export const withdrawUnsafeAndSearch: Step = (referral, knowledge) => {
  const taken = runSteps(referral, knowledge, withdrawUnsafe(), loseUnsafeUnit);
  return taken.length === 0 ? [] : runSteps(referral, knowledge, () => taken, search);
};

/**
 * The one step after any change of facts: the need, the party, the basis, an age, the directory. Every live offer is
 * judged anew. A place that is confirmed, travelled to or lived in is never taken by it: a person is told.
 */
export const reviewAfterChange: Step = (referral, knowledge) =>
  runSteps(referral, knowledge, withdrawUnsafeAndSearch, alertUnsafePlace, search);

const loseUnsafeUnit: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || referral.stage.name !== 'confirming') return [];
  const code = failedRuleOf(referral, place, knowledge);
  return code === undefined ? [] : loseUnit(place.offerId, code, 'to-release')(referral, knowledge);
};

/** A person is told of each rule that fails for a promised place: one that fails already hides no other. */
export const alertUnsafePlace: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || hasEnded(place) || referral.stage.name === 'arrived') return [];
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
    default:
      return raiseAlert('place-unsafe', offerId);
  }
}

/**
 * A service that still suits may have promised a bed that does not: one of a room for another group, or without what is needed now. A bed that is not
 * asked for yet is judged by the shelter when it is to be confirmed; of one that was asked for before the change a person is told.
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

/** Looks at every live offer, since one was found that is not safe any more and nobody had said so. */
export function reviewOffers(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  const events = withdrawUnsafeAndSearch(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}
