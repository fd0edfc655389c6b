import { type EventOf, providerTopicsOf, topics } from '@opennrm/contracts/topics';
import { DIRECTORY } from '@opennrm/country';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import type { ReferralEvent } from '../domain/events.ts';
import type { OfferId } from '../domain/need.ts';
import { caseReferences, offerOf, type Referral } from '../domain/referral.ts';
import { providerMessages } from './provider-messages.ts';

type ToVault = EventOf<typeof topics.referralForCaseVault>;

const moment = (at: number): Date => new Date(at);

/** The messages to other services about an event; most events have none. `state` is the referral after the event. */
export function messagesOf(event: ReferralEvent, state: Referral): OutgoingMessage[] {
  return [...toProvider(event, state), ...toVault(event, state)];
}

/** The purpose of the relation, and of what an offer discloses. */
const purposeOf = ({ purposes }: Referral): string => purposes[0] ?? '';

/** A module inside this service is asked in the same transaction, without a topic. */
function toProvider(event: ReferralEvent, state: Referral): OutgoingMessage[] {
  if (state.providedBy === DIRECTORY) return [];
  const topic = providerTopicsOf(state.providedBy).toProvider;
  return providerMessages(event, state).map(({ holdId, message }) =>
    outgoing(topic, holdId, message),
  );
}

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
    case 'DeliveryNotArranged':
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
