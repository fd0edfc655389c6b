import type { ReferralEvent } from './events.ts';
import type { Knowledge, Step } from './in-turn.ts';
import type { RuleCode } from './matching/candidate.ts';
import { failedSafetyRule } from './matching/eligibility.ts';
import { isPending, type Offer } from './offer.ts';
import type { Referral } from './referral.ts';

/**
 * The safety rule that fails for this offer now; undefined where all hold. A service that the directory does not
 * accredit is not known here.
 */
export function failedRuleOf(referral: Referral, { serviceId }: Offer, knowledge: Knowledge): RuleCode | undefined {
  const service = knowledge.serviceNamed(serviceId);
  if (!service) return 'NOT_ACCREDITED';
  const { bases, pack, now } = knowledge;
  return failedSafetyRule({ referral, bases, pack, now }, service);
}

/** Offers without a place are withdrawn where a safety rule fails now, and their holds released. */
export const withdrawUnsafe =
  (concerns: (offer: Offer) => boolean = isPending): Step =>
  (referral, knowledge) =>
    referral.offers.filter(concerns).flatMap((offer): ReferralEvent[] => {
      const code = failedRuleOf(referral, offer, knowledge);
      return code === undefined ? [] : [{ type: 'OfferWithdrawn', offerId: offer.offerId, code, at: knowledge.now }];
    });
