import type { ReferralEvent } from './events.ts';
import type { Step } from './in-turn.ts';
import type { OfferId } from './need.ts';
import { isPending } from './offer.ts';

/** Every offer that is not over yet ends, and with it its hold or its promised place. */
export const giveBackEverything: Step = ({ offers, stage }, { now }) => {
  const current = 'offerId' in stage ? stage.offerId : undefined;
  const ends = (offerId: OfferId): ReferralEvent => ({ type: 'OfferWithdrawn', offerId, at: now });
  return offers.filter((offer) => isPending(offer) || offer.offerId === current).map((offer) => ends(offer.offerId));
};
