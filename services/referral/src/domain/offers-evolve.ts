import type { ReferralEvent } from './events.ts';
import type { Member } from './need.ts';
import { CLOSED_ON_STANDBY, type Offer } from './offer.ts';

/** What a new offer copies from its referral. */
interface OfferContext {
  readonly offers: readonly Offer[];
  readonly needVersion: number;
  readonly round: number;
  readonly party: readonly Member[];
}

/** The offers after an event: each event changes only the offer that it names. */
export function evolveOffers(
  { offers, needVersion, round, party }: OfferContext,
  event: ReferralEvent,
): readonly Offer[] {
  if (event.type === 'ServiceAsked') {
    const { offerId, serviceId, organisationId, region, acceptance, hasHold, until, at } = event;
    const offer: Offer = {
      offerId,
      serviceId,
      organisationId,
      region,
      acceptance,
      needVersion,
      round,
      places: party.length,
      status: 'holding',
      hasHold,
      holdingUntil: until,
      askedAt: at,
      reminders: [],
      remindersSent: 0,
      attempts: 0,
      telephone: undefined,
      madeAt: undefined,
      softDeadline: undefined,
      closesAt: undefined,
      acknowledgeBy: undefined,
      endedAt: undefined,
      code: undefined,
    };
    return [...offers, offer];
  }
  if (!('offerId' in event)) return offers;
  return offers.map((offer) =>
    offer.offerId === event.offerId ? { ...offer, ...changeOf(offer, event) } : offer,
  );
}

type EventOfOffer = Extract<ReferralEvent, { readonly offerId: unknown }>;
type EndOfOffer = Extract<
  EventOfOffer,
  {
    readonly type:
      | 'ServiceNotPossible'
      | 'OfferSetAside'
      | 'OfferDeclined'
      | 'OfferClosed'
      | 'OfferWithdrawn'
      | 'UnitLost'
      | 'UnitReleased'
      | 'DeliveryNotArranged'
      | 'PersonDeclined';
  }
>;

function changeOf(offer: Offer, event: EventOfOffer): Partial<Offer> {
  switch (event.type) {
    case 'OfferMade': {
      const { softDeadline, closesAt, acknowledgeBy, reminders, at } = event;
      return { status: 'open', softDeadline, closesAt, reminders, madeAt: at, acknowledgeBy };
    }
    case 'DutyNotAcknowledged':
      return { acknowledgeBy: undefined };
    case 'OfferReminded':
      return { remindersSent: event.nth };
    case 'OfferSoftened':
      return { status: offer.status === 'open' ? 'softened' : offer.status, hasHold: false };
    case 'OfferPutOnStandby':
      return { status: 'standby' };
    case 'ConfirmationRequested':
      return { status: 'confirming', hasHold: true };
    case 'UnitConfirmed':
      return { status: 'confirmed' };
    case 'UnitTakenUp':
      return { status: 'confirmed', hasHold: true, endedAt: undefined, code: undefined };
    case 'AnsweredByTelephone':
      return { telephone: { accepts: event.accepts, confirmBy: event.confirmBy } };
    case 'TelephoneAnswerConfirmed':
    case 'TelephoneAnswerDenied':
    case 'TelephoneAnswerUnconfirmed':
      return { telephone: undefined };
    case 'ServiceChanged':
      return event.ended ? { hasHold: false } : {};
    case 'CallAttempted':
      return { attempts: offer.attempts + 1 };
    case 'ServiceNotPossible':
    case 'OfferSetAside':
    case 'OfferDeclined':
    case 'OfferClosed':
    case 'OfferWithdrawn':
    case 'UnitLost':
    case 'UnitReleased':
    case 'DeliveryNotArranged':
    case 'PersonDeclined':
      return endedChangeOf(offer, event);
    case 'ServiceAsked':
    case 'ProfileRead':
    case 'OfferAccepted':
    case 'StaleConfirmationReleased':
    case 'MemberAgreed':
    case 'PersonAgreed':
    case 'AppointmentAgreed':
    case 'AppointmentMissed':
    case 'DeliveryReminded':
    case 'ServiceStarted':
    case 'AlertRaised':
      return {};
  }
}

const closingCode = ({ status }: Offer): string | undefined =>
  status === 'standby' ? CLOSED_ON_STANDBY : undefined;

function endedChangeOf(offer: Offer, event: EndOfOffer): Partial<Offer> {
  switch (event.type) {
    case 'ServiceNotPossible':
      return { status: 'not-possible', hasHold: false, code: event.code, endedAt: event.at };
    case 'OfferSetAside':
      return { status: 'set-aside', hasHold: false, endedAt: event.at };
    case 'OfferDeclined':
      return { status: 'declined', hasHold: false, code: event.code, endedAt: event.at };
    case 'OfferClosed':
      return { status: 'closed', hasHold: false, endedAt: event.at, code: closingCode(offer) };
    case 'OfferWithdrawn':
      // No confirmation of a telephone answer is needed any more.
      return {
        status: 'withdrawn',
        hasHold: false,
        code: event.code,
        endedAt: event.at,
        telephone: undefined,
      };
    case 'UnitLost':
    case 'DeliveryNotArranged':
      return { status: 'lost', hasHold: false, code: event.code, endedAt: event.at };
    case 'UnitReleased':
      return { status: 'lost', hasHold: false, code: 'did-not-arrive', endedAt: event.at };
    case 'PersonDeclined':
      return { status: 'person-declined', hasHold: false, endedAt: event.at, code: event.code };
  }
}
