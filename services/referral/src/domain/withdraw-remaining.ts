import type { ReferralEvent } from './events.ts';
import { hasEnded } from './offer.ts';
import { isOver, placeOf } from './referral.ts';
import type { Step } from './steps.ts';

/**
 * The one step into every final state: withdraws each offer that has not ended, and so releases its hold or confirmed place. Only the
 * place where the person is remains. Does nothing where the referral is live, or where this was done before.
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
