import { addOpenTime, type CountryPack } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { confirm } from './ask-confirmation.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { openingOf, type Service } from './matching/service.ts';
import type { Offer } from './offer.ts';
import { offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';
import { failedRuleOf } from './unsafe.ts';

/** The bed is kept: make the offer, or place by contract. A hold that nobody waits for any more is given back. */
export function bedHeld(referral: Referral, offerId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('not-an-offer-of-this-referral');
  if (offer.status !== 'holding') return ignore('hold-already-answered');
  const { stage } = referral;
  if (stage.name !== 'searching' && stage.name !== 'unplaced') {
    return accept<ReferralEvent>({ type: 'OfferSetAside', offerId: offer.offerId, at: knowledge.now });
  }
  // A permission or an accreditation may have ended, or become unreadable, since the hold was asked for.
  if (failedRuleOf(referral, offer, knowledge)) {
    const aside = say({ type: 'OfferSetAside', offerId: offer.offerId, at: knowledge.now });
    return accept(...inTurn(referral, knowledge, aside, search));
  }
  if (offer.acceptance === 'direct') {
    return accept(
      ...inTurn(
        referral,
        knowledge,
        say({ type: 'OfferAccepted', offerId: offer.offerId, by: 'contract' }),
        confirm(offer.offerId),
      ),
    );
  }
  return accept(...inTurn(referral, knowledge, makeOffer(offer)));
}

/** `not-possible-here`, whatever the cause: the next one is asked. */
export function holdRefused(
  referral: Referral,
  offerId: string,
  code: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('not-an-offer-of-this-referral');
  if (offer.status !== 'holding') return ignore('hold-already-answered');
  return accept(
    ...inTurn(
      referral,
      knowledge,
      say({ type: 'ServiceNotPossible', offerId: offer.offerId, code, kept: 'gone', at: knowledge.now }),
      search,
    ),
  );
}

const makeOffer =
  (offer: Offer): Step =>
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

/** Two people who must be kept apart are at one provider now: a person acts; which two is said to nobody here. */
export function apartOverlap(referral: Referral, offerId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('not-an-offer-of-this-referral');
  const events = raise('apart-overlap', offer.offerId)(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('already-told');
}
