import { addOpenTime, type CountryPack } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';
import { confirm } from './ask-confirmation.ts';
import { inTurn, type Step, say } from './in-turn.ts';
import { openingOf, type Service } from './matching/service.ts';
import type { OfferId } from './need.ts';
import type { Offer } from './offer.ts';

type Asked = Pick<Offer, 'offerId' | 'serviceId' | 'acceptance'>;

/** The contract is the yes: the place is confirmed and the service is told. */
export const placeByContract =
  (offerId: OfferId): Step =>
  (referral, knowledge) =>
    inTurn(referral, knowledge, say({ type: 'OfferAccepted', offerId, by: 'contract' }), confirm(offerId));

/** Above the quota of emergencies: the service is asked although nothing is held, and a contract's yes stands by. */
export const offerWithoutHold =
  (asked: Asked): Step =>
  (referral, knowledge) =>
    inTurn(
      referral,
      knowledge,
      makeOffer(asked),
      asked.acceptance === 'direct' ? placeByContract(asked.offerId) : say(),
    );

/** Where the offer is open, and until when. */
export const makeOffer =
  (offer: Asked): Step =>
  (referral, { now, pack, serviceNamed }) => {
    const clocks = pack.urgencies[referral.urgency];
    const service = serviceNamed(offer.serviceId);
    const counted = (ms: number): Instant => whileOpen(service, now, ms, pack);
    return [
      {
        type: 'OfferMade',
        offerId: offer.offerId,
        softAt: counted(clocks.softMs),
        closesAt: after(now, clocks.closesMs),
        dutyBy: offer.acceptance === 'duty' ? after(now, pack.clocks.dutyAcknowledgeMs) : undefined,
        reminders: clocks.reminders.map((share) => counted(clocks.softMs * share)),
        at: now,
      },
    ];
  };

/** A soft clock runs only while the service is open; one with night cover is always open. */
function whileOpen(service: Service | undefined, start: Instant, ms: number, pack: CountryPack): Instant {
  return service ? addOpenTime(openingOf(service, pack), start, ms) : after(start, ms);
}
