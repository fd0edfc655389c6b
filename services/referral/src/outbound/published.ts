import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import type { ReferralEvent } from '../domain/events.ts';
import type { OfferId } from '../domain/need.ts';
import type { Offer } from '../domain/offer.ts';
import { caseReferences, offerOf, type Referral } from '../domain/referral.ts';

type ToShelter = EventOf<typeof topics.referralForShelterCapacity>;
type ToVault = EventOf<typeof topics.referralForCaseVault>;

const moment = (at: number): Date => new Date(at);

/** The messages to other services about an event; most events have none. `state` is the referral after the event. */
export function messagesOf(event: ReferralEvent, state: Referral): OutgoingMessage[] {
  return [...toShelter(event, state), ...toVault(event, state)];
}

const shelterMessage = (holdId: string, event: ToShelter): OutgoingMessage =>
  outgoing(topics.referralForShelterCapacity, holdId, event);

function toShelter(event: ReferralEvent, state: Referral): OutgoingMessage[] {
  switch (event.type) {
    case 'ServiceAsked': {
      if (!event.hasHold) return [];
      const { offerId: holdId, providerHoldExpiresAt } = event;
      return [
        shelterMessage(holdId, {
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
        shelterMessage(event.offerId, {
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
      return [release(event.offerId)];
    case 'MemberLeft':
      return offersWithHold(state).map(({ offerId: holdId }) =>
        shelterMessage(holdId, {
          $case: 'holdResized',
          value: { holdId, places: state.party.length },
        }),
      );
    case 'ApartAdded':
      return offersWithHold(state).map(({ offerId: holdId }) =>
        shelterMessage(holdId, {
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

const release = (holdId: OfferId): OutgoingMessage =>
  shelterMessage(holdId, { $case: 'holdReleaseRequested', value: { holdId } });

function journeyMessage(
  event: ReferralEvent & { type: 'JourneyArranged' | 'JourneyFailed' },
  { stage }: Referral,
): OutgoingMessage[] {
  if (!('offerId' in stage)) return [];
  const holdId = stage.offerId;
  if (event.type === 'JourneyFailed')
    return [shelterMessage(holdId, { $case: 'deliveryEnded', value: { holdId } })];
  const { escortId, arriveAt } = event;
  // The escort can read the address until the arrival is recorded; without one, until 12 hours after the expected arrival.
  const addressUntil = moment(arriveAt + ADDRESS_AFTER_EXPECTED_MS);
  return [
    shelterMessage(holdId, {
      $case: 'deliveryArranged',
      value: { holdId, journey: { escortId, expectedAt: moment(arriveAt), addressUntil } },
    }),
  ];
}

const ADDRESS_AFTER_EXPECTED_MS = 12 * 3_600_000;

const termsOf = (serviceId: string, { need, party, apartIds, unitKind }: Referral) => ({
  serviceId,
  unitKind,
  places: party.length,
  attributes:
    need.group === 'own-room' ? [...need.accessibility, 'own-room'] : [...need.accessibility],
  apartIds: [...apartIds],
  group: need.group,
});

/** The purpose of the relation, and of what an offer discloses. */
const purposeOf = ({ purposes }: Referral): string => purposes[0] ?? '';

const offersWithHold = ({ offers, stage }: Referral): Offer[] =>
  offers.filter(
    (offer) => offer.hasHold || ('offerId' in stage && stage.offerId === offer.offerId),
  );

const vaultMessage = (state: Referral, event: ToVault): OutgoingMessage =>
  outgoing(topics.referralForCaseVault, state.referralId, event);

/** Each disclosure is announced once to the vault, which shows the person all of them. */
function toVault(event: ReferralEvent, state: Referral): OutgoingMessage[] {
  const references = { caseReferences: caseReferences(state) };
  switch (event.type) {
    case 'OfferMade':
      return [
        disclosure(event.offerId, state, {
          personId: '',
          content: 'offer',
          purpose: purposeOf(state),
          at: event.at,
        }),
      ];
    case 'ProfileRead':
      return [
        disclosure(event.offerId, state, {
          personId: event.person,
          content: 'coded-profile',
          purpose: event.purpose,
          at: event.at,
        }),
      ];
    case 'PersonAgreed':
    case 'UnitTakenUp': {
      const offer = offerOf(state, event.offerId);
      if (!offer) return [];
      const { serviceId, organisationId, region } = offer;
      return [
        vaultMessage(state, {
          $case: 'relationBegan',
          value: {
            ...references,
            holdId: event.offerId,
            serviceId,
            organisationId,
            region,
            serviceClass: state.need.need,
            purpose: purposeOf(state),
          },
        }),
      ];
    }
    case 'UnitLost':
    case 'UnitReleased':
    case 'OfferWithdrawn':
      return [
        vaultMessage(state, {
          $case: 'relationEnded',
          value: { ...references, holdId: event.offerId },
        }),
      ];
    case 'PersonDeclined':
      return [
        vaultMessage(state, {
          $case: 'relationEnded',
          value: { ...references, holdId: event.offerId },
        }),
        ...references.caseReferences.flatMap((one) => agreement(state, one, event.offerId, false)),
      ];
    case 'MemberAgreed': {
      const member = state.party.find(({ memberId }) => memberId === event.memberId);
      return member ? agreement(state, member.caseReference, event.offerId, true) : [];
    }
    case 'MemberLeft':
      return memberLeft(event.member.caseReference, state);
    case 'ServiceChanged':
      return event.ended
        ? [
            vaultMessage(state, {
              $case: 'relationEnded',
              value: { ...references, holdId: event.offerId },
            }),
          ]
        : [];
    default:
      return [];
  }
}

/** A member who leaves a party while it is asked declines the place; later only the relation ends. */
function memberLeft(caseReference: string, state: Referral): OutgoingMessage[] {
  const { stage } = state;
  if (!('offerId' in stage)) return [];
  const { offerId: holdId } = stage;
  const value = { caseReferences: [caseReference], holdId };
  const ended = vaultMessage(state, { $case: 'relationEnded', value });
  return stage.name === 'awaiting-person'
    ? [ended, ...agreement(state, caseReference, holdId, false)]
    : [ended];
}

/** Whether the person agreed to the service; the vault shows it beside their permissions. */
function agreement(
  state: Referral,
  caseReference: string,
  holdId: OfferId,
  agreed: boolean,
): OutgoingMessage[] {
  const offer = offerOf(state, holdId);
  if (!offer) return [];
  const { serviceId, organisationId } = offer;
  const what = {
    caseReference,
    holdId,
    serviceId,
    organisationId,
    serviceClass: state.need.need,
    agreed,
  };
  return [vaultMessage(state, { $case: 'agreementRecorded', value: { ...what, at: undefined } })];
}

function disclosure(
  offerId: OfferId,
  state: Referral,
  what: {
    readonly personId: string;
    readonly content: string;
    readonly purpose: string;
    readonly at: number;
  },
): OutgoingMessage {
  const { personId, content, purpose, at } = what;
  const value = {
    caseReferences: caseReferences(state),
    holdId: offerId,
    organisationId: offerOf(state, offerId)?.organisationId ?? '',
    personId,
    content,
    purpose,
    basis: state.basis ?? '',
    at: moment(at),
  };
  return vaultMessage(state, { $case: 'disclosureMade', value });
}
