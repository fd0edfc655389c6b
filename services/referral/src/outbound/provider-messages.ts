import type { EventOf, topics } from '@opennrm/contracts/topics';
import type { Instant } from '@opennrm/runtime/decision';
import { deliveryOf } from '../domain/delivery.ts';
import type { ReferralEvent } from '../domain/events.ts';
import type { OfferId } from '../domain/need.ts';
import type { Offer } from '../domain/offer.ts';
import { offerOf, type Referral } from '../domain/referral.ts';

/** One contract for every provider: the messages of each topic to a provider are these. */
export type ToProvider = EventOf<typeof topics.referralForShelterCapacity>;

/** What a provider answers, with a topic of its own or in the same transaction. */
export type FromProvider = EventOf<typeof topics.shelterCapacityForReferral>;

/** A message to the provider of a need, whether it has a topic or is a module inside this service. */
export interface ProviderMessage {
  readonly holdId: string;
  readonly message: ToProvider;
}

const moment = (at: number): Date => new Date(at);

const messageAbout = (holdId: string, message: ToProvider): ProviderMessage => ({
  holdId,
  message,
});

/** The messages to the provider of the need about an event; most events have none. `state` is the referral after the event. */
export function providerMessages(event: ReferralEvent, state: Referral): ProviderMessage[] {
  switch (event.type) {
    case 'ServiceAsked': {
      if (!event.hasHold) return [];
      const { offerId: holdId, providerHoldExpiresAt } = event;
      return [
        messageAbout(holdId, {
          $case: 'holdRequested',
          value: {
            holdId,
            terms: termsOf(event.serviceId, state),
            until: moment(providerHoldExpiresAt),
          },
        }),
      ];
    }
    case 'ConfirmationRequested': {
      const offer = offerOf(state, event.offerId);
      if (!offer) return [];
      return [
        messageAbout(event.offerId, {
          $case: 'confirmRequested',
          value: { holdId: event.offerId, terms: termsOf(offer.serviceId, state) },
        }),
      ];
    }
    case 'ServiceNotPossible':
    case 'UnitLost':
      return event.holdOutcome === 'to-release' ? [release(event.offerId)] : [];
    case 'OfferSetAside':
    case 'OfferSoftened':
    case 'OfferDeclined':
    case 'OfferClosed':
    case 'OfferWithdrawn':
    case 'PersonDeclined':
    case 'StaleConfirmationReleased':
    case 'UnitReleased':
    case 'DeliveryNotArranged':
      return [release(event.offerId)];
    case 'PersonAgreed':
    case 'AppointmentMissed':
      return deliveryOf(state).isAwaitedOfProvider ? [awaited(event.offerId, event.until)] : [];
    case 'WaitExtended': {
      const { stage } = state;
      return stage.name === 'agreed' && deliveryOf(state).isAwaitedOfProvider
        ? [awaited(stage.offerId, event.until)]
        : [];
    }
    case 'DeliveryReminded':
      return [awaited(event.offerId, event.until, true)];
    case 'MemberLeft':
      return offersWithHold(state).map(({ offerId: holdId }) =>
        messageAbout(holdId, {
          $case: 'holdResized',
          value: { holdId, places: state.party.length },
        }),
      );
    case 'ApartAdded':
      return offersWithHold(state).map(({ offerId: holdId }) =>
        messageAbout(holdId, {
          $case: 'holdApartAdded',
          value: { holdId, apartId: event.apartId },
        }),
      );
    case 'JourneyArranged':
    case 'JourneyFailed':
      return journeyMessage(event, state);
    default:
      return [];
  }
}

const awaited = (holdId: OfferId, by: Instant, isReminder = false): ProviderMessage =>
  messageAbout(holdId, {
    $case: 'deliveryAwaited',
    value: { holdId, by: moment(by), isReminder },
  });

const release = (holdId: OfferId): ProviderMessage =>
  messageAbout(holdId, { $case: 'holdReleaseRequested', value: { holdId } });

function journeyMessage(
  event: ReferralEvent & { type: 'JourneyArranged' | 'JourneyFailed' },
  { stage }: Referral,
): ProviderMessage[] {
  if (!('offerId' in stage)) return [];
  const holdId = stage.offerId;
  if (event.type === 'JourneyFailed')
    return [messageAbout(holdId, { $case: 'deliveryEnded', value: { holdId } })];
  const { escortId, arriveAt } = event;
  // The escort can read the address until the arrival is recorded; without one, until 12 hours after the expected arrival.
  const addressUntil = moment(arriveAt + ADDRESS_AFTER_EXPECTED_MS);
  return [
    messageAbout(holdId, {
      $case: 'deliveryArranged',
      value: { holdId, journey: { escortId, expectedAt: moment(arriveAt), addressUntil } },
    }),
  ];
}

const ADDRESS_AFTER_EXPECTED_MS = 12 * 3_600_000;

/** What a hold at this service is for. */
export const termsOf = (serviceId: string, { need, party, apartIds, unitKind }: Referral) => ({
  serviceId,
  unitKind,
  places: party.length,
  attributes:
    need.group === 'own-room' ? [...need.accessibility, 'own-room'] : [...need.accessibility],
  apartIds: [...apartIds],
  group: need.group,
});

const offersWithHold = ({ offers, stage }: Referral): Offer[] =>
  offers.filter(
    (offer) => offer.hasHold || ('offerId' in stage && stage.offerId === offer.offerId),
  );
