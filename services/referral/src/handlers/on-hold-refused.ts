import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { lockReferralOfOffer } from '../outbound/reads.ts';
import { changeReferral } from './change-referral.ts';
import { holdDecisions } from './hold-decisions.ts';
import { signalAfterRefusal } from './signal-after-refusal.ts';

/**
 * A shelter refuses a hold, and its number of free units does not change by that. If it has free units, they may suit the next waiting
 * referral. Without this signal no other referral would be asked about them.
 */
export async function onHoldRefused(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  holdId: string,
  code: string,
): Promise<void> {
  const referralId = await lockReferralOfOffer(tx, holdId);
  if (!referralId) return;
  const outcome = await changeReferral(
    tx,
    pack,
    meta.now,
    systemAuthor,
    referralId,
    holdDecisions.holdRefused({ holdId, code }),
  );
  if (outcome.kind === 'accepted') await signalAfterRefusal(tx, outcome.state, holdId, meta.now);
}
