import { addOpenTime, type CountryPack } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';
import { openingOf, type Service } from './matching/service.ts';
import type { OfferId } from './need.ts';
import type { Offer } from './offer.ts';
import { requestConfirmation } from './request-confirmation.ts';
import { emit, runSteps, type Step } from './steps.ts';

type AskedService = Pick<Offer, 'offerId' | 'serviceId' | 'acceptance'>;

/** The contract counts as the acceptance: the place is confirmed and the service is notified. */
export const placeByContract =
  (offerId: OfferId): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({ type: 'OfferAccepted', offerId, by: 'contract' }),
      requestConfirmation(offerId),
    );

/** Above the quota of emergencies the service is asked although nothing is held. The acceptance by contract is put on standby. */
export const offerWithoutHold =
  (asked: AskedService): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      makeOffer(asked),
      asked.acceptance === 'direct' ? placeByContract(asked.offerId) : emit(),
    );

/** Opens the offer and sets its deadlines. */
export const makeOffer =
  (offer: AskedService): Step =>
  (referral, { now, pack, findService }) => {
    const durations = pack.urgencies[referral.urgency];
    const service = findService(offer.serviceId);
    const counted = (ms: number): Instant => afterOpenTime(service, now, ms, pack);
    return [
      {
        type: 'OfferMade',
        offerId: offer.offerId,
        softDeadline: counted(durations.softDeadlineMs),
        closesAt: after(now, durations.closesAfterMs),
        acknowledgeBy:
          offer.acceptance === 'duty' ? after(now, pack.deadlines.acknowledgeDutyMs) : undefined,
        reminders: durations.reminders.map((share) => counted(durations.softDeadlineMs * share)),
        at: now,
      },
    ];
  };

/** A soft deadline counts only the hours in which the service is open. A service with night cover is always open. */
function afterOpenTime(
  service: Service | undefined,
  start: Instant,
  ms: number,
  pack: CountryPack,
): Instant {
  return service ? addOpenTime(openingOf(service, pack), start, ms) : after(start, ms);
}
