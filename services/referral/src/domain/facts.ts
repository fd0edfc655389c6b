import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { lose } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step } from './in-turn.ts';
import { hasEnded } from './offer.ts';
import { placeOf, type Referral } from './referral.ts';
import { search } from './search.ts';
import { failedRuleOf, withdrawUnsafe } from './unsafe.ts';

/**
 * Takes back every question whose safety rules do not hold now, and the next service is asked. A permission or an
 * accreditation can end by time, and a message can be unreadable, so this is looked at with each deadline too.
 */
export const takeBackUnsafe: Step = (referral, knowledge) => {
  const taken = inTurn(referral, knowledge, withdrawUnsafe(), loseUnsafeConfirmation);
  return taken.length === 0 ? [] : inTurn(referral, knowledge, () => taken, search);
};

/**
 * The one step after any change of facts: the need, the party, the basis, an age, the directory. Every live offer is
 * judged anew. A place that is confirmed, travelled to or lived in is never taken by it: a person is told.
 */
export const factsChanged: Step = (referral, knowledge) =>
  inTurn(referral, knowledge, takeBackUnsafe, tellOfUnsafePlace, search);

const loseUnsafeConfirmation: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || referral.stage.name !== 'confirming') return [];
  const code = failedRuleOf(referral, place, knowledge);
  return code === undefined ? [] : lose(place.offerId, code, 'released')(referral, knowledge);
};

const tellOfUnsafePlace: Step = (referral, knowledge) => {
  const place = placeOf(referral);
  if (!place || hasEnded(place)) return [];
  switch (failedRuleOf(referral, place, knowledge)) {
    case undefined:
      return [];
    case 'BASIS':
      return raise('permission-withdrawn')(referral, knowledge);
    case 'NOT_ACCREDITED':
      return raise('service-suspended', place.offerId)(referral, knowledge);
    default:
      return raise('place-unsafe', place.offerId)(referral, knowledge);
  }
};

/**
 * A service that still suits may have promised a bed that does not: one of a room for another group, or without what is needed now. A bed that is not
 * asked for yet is judged by the shelter when it is to be confirmed; of one that was asked for before the change a person is told.
 */
export const tellOfOtherTerms =
  (before: Referral): Step =>
  (referral, knowledge) => {
    const place = placeOf(referral);
    if (!place || hasEnded(place) || place.offerId !== placeOf(before)?.offerId) return [];
    const { group, accessibility } = referral.need;
    const isMore = accessibility.some((one) => !before.need.accessibility.includes(one));
    return group !== before.need.group || isMore ? raise('place-unsafe', place.offerId)(referral, knowledge) : [];
  };

/** Looks at every live offer, since one was found that is not safe any more and nobody had said so. */
export function offersReviewed(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  const events = takeBackUnsafe(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}
