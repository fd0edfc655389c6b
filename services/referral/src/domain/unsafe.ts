import type { ReferralEvent } from './events.ts';
import type { RuleCode } from './matching/candidate.ts';
import { failedSafetyRules } from './matching/eligibility.ts';
import { isPending, type Offer } from './offer.ts';
import type { Referral } from './referral.ts';
import type { Knowledge, Step } from './steps.ts';

/** The safety rules that fail for this offer now. `findService` does not return a service that is suspended or was never accredited. */
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

/** The first safety rule that fails; undefined where all hold. */
export const failedRuleOf = (
  referral: Referral,
  offer: Offer,
  knowledge: Knowledge,
): RuleCode | undefined => failedRulesOf(referral, offer, knowledge)[0];

/** Withdraws offers without a place for which a safety rule fails now, and releases their holds. */
export const withdrawUnsafe =
  (concerns: (offer: Offer) => boolean = isPending): Step =>
  (referral, knowledge) =>
    referral.offers.filter(concerns).flatMap((offer): ReferralEvent[] => {
      const code = failedRuleOf(referral, offer, knowledge);
      return code === undefined
        ? []
        : [{ type: 'OfferWithdrawn', offerId: offer.offerId, code, at: knowledge.now }];
    });
