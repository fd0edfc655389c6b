import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Decide } from '../domain/decide.ts';
import { lockReferralOfOffer } from '../outbound/reads.ts';
import { changeReferral } from './change-referral.ts';

/** Applies an event of a shelter about a hold. A hold that this service never requested is ignored. */
export async function onHoldEvent(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  holdId: string,
  decide: Decide,
): Promise<void> {
  const referralId = await lockReferralOfOffer(tx, holdId);
  if (referralId) await changeReferral(tx, pack, meta.now, systemAuthor, referralId, decide);
}
