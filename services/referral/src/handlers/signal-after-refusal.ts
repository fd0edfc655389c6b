import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { isBeingAsked, type Offer } from '../domain/offer.ts';
import { offerOf, type Referral } from '../domain/referral.ts';
import { signalAvailability } from '../outbound/availability-signals.ts';
import { freeUnits } from '../outbound/capacity-hints.ts';

/** A hold of this referral was refused. Free units of that service may suit the next waiting referral. */
export async function signalAfterRefusal(
  tx: Transaction,
  referral: Referral,
  holdId: string,
  now: Instant,
): Promise<void> {
  const refused = offerOf(referral, holdId);
  const free = refused && (await freeUnits(tx, refused.serviceId));
  if (!free) return;
  // The referrals before this one were checked when the units became free.
  const after = { askedCount: askedEarlier(referral, refused), referral };
  await signalAvailability(tx, { serviceId: refused.serviceId, units: 1, after }, now);
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
