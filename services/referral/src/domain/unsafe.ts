import type { ReferralEvent } from './events.ts';
import type { RuleCode } from './matching/candidate.ts';
import { failedSafetyRules } from './matching/eligibility.ts';
import { isPending, type Offer } from './offer.ts';
import type { Referral } from './referral.ts';
import type { Knowledge, Step } from './steps.ts';

/** The safety rules that fail for this offer now. A service that the directory does not accredit is not known here. */
export function failedRulesOf(
  referral: Referral,
  { serviceId }: Offer,
  knowledge: Knowledge,
): readonly RuleCode[] {
  const service = knowledge.findService(serviceId);
  if (!service) return ['NOT_ACCREDITED'];
  const { bases, pack, now } = knowledge;
  return failedSafetyRules({ referral, bases, pack, now }, service);
}

/** The first of them; undefined where all hold. */
export const failedRuleOf = (
  referral: Referral,
  offer: Offer,
  knowledge: Knowledge,
): RuleCode | undefined => failedRulesOf(referral, offer, knowledge)[0];

/** Offers without a place are withdrawn where a safety rule fails now, and their holds released. */
export const withdrawUnsafe =
  (concerns: (offer: Offer) => boolean = isPending): Step =>
  (referral, knowledge) =>
    referral.offers.filter(concerns).flatMap((offer): ReferralEvent[] => {
      const code = failedRuleOf(referral, offer, knowledge);
      return code === undefined
        ? []
        : [{ type: 'OfferWithdrawn', offerId: offer.offerId, code, at: knowledge.now }];
    });
