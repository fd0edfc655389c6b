import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { takeHoldReview } from '../outbound/hold-reviews.ts';
import { lockReferralOfOffer } from '../outbound/reads.ts';
import { changeReferral } from './change-referral.ts';
import { holdDecisions } from './hold-decisions.ts';

/** A person to be kept apart from the person of this hold has a hold at the same service: a coordinator is alerted. */
export const onHoldReview =
  (pack: CountryPack) =>
  async (tx: Transaction, reviewId: string, now: Instant): Promise<void> => {
    const holdId = await takeHoldReview(tx, reviewId);
    const referralId = holdId && (await lockReferralOfOffer(tx, holdId));
    if (!holdId || !referralId) return;
    const decide = holdDecisions.holdNeedsReview({ holdId });
    await changeReferral(tx, pack, now, systemAuthor, referralId, decide);
  };
