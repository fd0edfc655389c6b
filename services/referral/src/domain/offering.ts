import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { makeOffer, placeByContract } from './make-offer.ts';
import { offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps } from './steps.ts';
import { failedRuleOf } from './unsafe.ts';

/** The unit is held: makes the offer, or places by contract. A hold that this referral no longer needs is released. */
export function unitHeld(
  referral: Referral,
  offerId: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('unknown-offer');
  if (offer.status !== 'holding') return ignore('hold-already-answered');
  const { stage } = referral;
  if (stage.name !== 'searching' && stage.name !== 'unplaced') {
    return accept<ReferralEvent>({
      type: 'OfferSetAside',
      offerId: offer.offerId,
      at: knowledge.now,
    });
  }
  // A permission or an accreditation may have ended, or become unreadable, since the hold was requested.
  if (failedRuleOf(referral, offer, knowledge)) {
    const aside = emit({ type: 'OfferSetAside', offerId: offer.offerId, at: knowledge.now });
    return accept(...runSteps(referral, knowledge, aside, search));
  }
  const next = offer.acceptance === 'direct' ? placeByContract(offer.offerId) : makeOffer(offer);
  return accept(...runSteps(referral, knowledge, next));
}

/** The provider answers `not-possible-here` whatever the cause. The next service is asked. */
export function holdRefused(
  referral: Referral,
  offerId: string,
  code: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('unknown-offer');
  if (offer.status !== 'holding') return ignore('hold-already-answered');
  return accept(
    ...runSteps(
      referral,
      knowledge,
      emit({
        type: 'ServiceNotPossible',
        offerId: offer.offerId,
        code,
        holdOutcome: 'already-released',
        at: knowledge.now,
      }),
      search,
    ),
  );
}

/** Two people who must be kept apart are at one provider now: an alert is raised. Which two they are is not known here. */
export function holdNeedsReview(
  referral: Referral,
  offerId: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('unknown-offer');
  const events = raiseAlert('hold-needs-review', offer.offerId)(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('alert-already-open');
}
