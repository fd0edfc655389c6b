import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { isBeingAsked, type Offer } from '../domain/offer.ts';
import { holdRefused } from '../domain/offering.ts';
import { offerOf, type Referral } from '../domain/referral.ts';
import { signalAvailability } from '../outbound/availability-signals.ts';
import { freeUnits } from '../outbound/capacity-hints.ts';
import { referralOfOffer } from '../outbound/reads.ts';
import { changeReferral } from './change-referral.ts';

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
  const referralId = await referralOfOffer(tx, holdId);
  if (!referralId) return;
  const outcome = await changeReferral(
    tx,
    pack,
    meta.now,
    systemAuthor,
    referralId,
    (referral, knowledge) => holdRefused(referral, holdId, code, knowledge),
  );
  if (outcome.kind !== 'accepted') return;
  const refused = offerOf(outcome.state, holdId);
  const free = refused && (await freeUnits(tx, refused.serviceId));
  if (!free) return;
  // The referrals before this one were checked when the units became free.
  const after = { askedCount: askedEarlier(outcome.state, refused), referral: outcome.state };
  await signalAvailability(tx, { serviceId: refused.serviceId, units: 1, after }, meta.now);
}

/**
 * How many services were asked before this one and are still being asked. If the number is too low, some referrals are only checked
 * twice.
 */
const askedEarlier = ({ offers }: Referral, { offerId }: Offer): number =>
  offers
    .slice(
      0,
      offers.findIndex((one) => one.offerId === offerId),
    )
    .filter(isBeingAsked).length;
