import type { ReferralEvent } from './events.ts';
import { hasEnded } from './offer.ts';
import { isOver, placeOf } from './referral.ts';
import type { Step } from './steps.ts';

/**
 * The one step into every final state: each offer that has not ended is withdrawn, and with it its hold or its
 * confirmed place. Only the place at which the person is stays. Nothing follows where the referral goes on, or where
 * all of this was done before.
 */
export const withdrawRemaining: Step = (referral, { now }) => {
  if (!isOver(referral)) return [];
  const place = placeOf(referral)?.offerId;
  return referral.offers
    .filter((offer) => offer.offerId !== place && !hasEnded(offer))
    .map(
      ({ offerId }): ReferralEvent => ({
        type: 'OfferWithdrawn',
        offerId,
        code: undefined,
        at: now,
      }),
    );
};
