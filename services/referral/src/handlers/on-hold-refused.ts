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
 * A shelter cannot keep a unit for this referral, and no number of free units changes by that. Where it has free units all the same, they may suit the
 * next that waits: without this signal the referral that was woken first would be the only one that is ever asked about them.
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
  // Those before it were looked at when the units became free.
  const after = { askedCount: askedEarlier(outcome.state, refused), referral: outcome.state };
  await signalAvailability(tx, { serviceId: refused.serviceId, units: 1, after }, meta.now);
}

/** How many services were being asked when this one was: those of them that are asked still. Too few only means that some are looked at twice. */
const askedEarlier = ({ offers }: Referral, { offerId }: Offer): number =>
  offers
    .slice(
      0,
      offers.findIndex((one) => one.offerId === offerId),
    )
    .filter(isBeingAsked).length;
