import type { ReferralEvent } from './events.ts';
import type { Member } from './need.ts';
import { type Offer, STOOD_BY } from './offer.ts';

/** What a new offer remembers of the referral it belongs to. */
interface Asking {
  readonly offers: readonly Offer[];
  readonly needVersion: number;
  readonly round: number;
  readonly party: readonly Member[];
}

/** The offers after an event: each event touches the one it names. */
export function evolveOffers({ offers, needVersion, round, party }: Asking, event: ReferralEvent): readonly Offer[] {
  if (event.type === 'ServiceAsked') {
    const { offerId, serviceId, organisationId, region, acceptance, holds, until, at } = event;
    const offer: Offer = {
      ...{ offerId, serviceId, organisationId, region, acceptance, needVersion, round },
      ...{
        places: party.length,
        status: 'holding',
        holds,
        holdingUntil: until,
        askedAt: at,
        reminders: [],
        reminded: 0,
        attempts: 0,
        telephone: undefined,
      },
      ...{
        madeAt: undefined,
        softAt: undefined,
        closesAt: undefined,
        dutyBy: undefined,
        endedAt: undefined,
        code: undefined,
      },
    };
    return [...offers, offer];
  }
  if (!('offerId' in event)) return offers;
  return offers.map((offer) => (offer.offerId === event.offerId ? { ...offer, ...changeOf(offer, event) } : offer));
}

function changeOf(offer: Offer, event: ReferralEvent): Partial<Offer> {
  switch (event.type) {
    case 'OfferMade': {
      const { softAt, closesAt, dutyBy, reminders, at } = event;
      return { status: 'open', softAt, closesAt, reminders, madeAt: at, dutyBy };
    }
    case 'DutyUnacknowledged':
      return { dutyBy: undefined };
    case 'OfferReminded':
      return { reminded: event.nth };
    case 'OfferSoftened':
      return { status: offer.status === 'open' ? 'softened' : offer.status, holds: false };
    case 'OfferStoodBy':
      return { status: 'standby' };
    case 'ConfirmationAsked':
      return { status: 'confirming', holds: true };
    case 'BedConfirmed':
      return { status: 'confirmed' };
    case 'ArrivedAfterAll':
      return { status: 'confirmed', holds: true, endedAt: undefined, code: undefined };
    case 'AnsweredByTelephone':
      return { telephone: { yes: event.yes, confirmBy: event.confirmBy } };
    case 'TelephoneAnswerConfirmed':
    case 'TelephoneAnswerDenied':
    case 'TelephoneAnswerUnconfirmed':
      return { telephone: undefined };
    case 'StayChanged':
      return event.ended ? { holds: false } : {};
    case 'CallAttempted':
      return { attempts: offer.attempts + 1 };
    default:
      return settled(offer, event);
  }
}

const closedAs = ({ status }: Offer): string | undefined => (status === 'standby' ? STOOD_BY : undefined);

function settled(offer: Offer, event: ReferralEvent): Partial<Offer> {
  switch (event.type) {
    case 'ServiceNotPossible':
      return { status: 'not-possible', holds: false, code: event.code, endedAt: event.at };
    case 'OfferSetAside':
      return { status: 'set-aside', holds: false, endedAt: event.at };
    case 'OfferDeclined':
      return { status: 'declined', holds: false, code: event.code, endedAt: event.at };
    case 'OfferClosed':
      return { status: 'closed', holds: false, endedAt: event.at, code: closedAs(offer) };
    case 'OfferWithdrawn':
      // Whether its yes was confirmed does not matter any more.
      return { status: 'withdrawn', holds: false, code: event.code, endedAt: event.at, telephone: undefined };
    case 'BedLost':
      return { status: 'lost', holds: false, code: event.code, endedAt: event.at };
    case 'BedGivenBack':
      return { status: 'lost', holds: false, code: 'did-not-arrive', endedAt: event.at };
    case 'PersonDeclined':
      return { status: 'person-declined', holds: false, endedAt: event.at, code: event.code };
    default:
      return {};
  }
}
