import type { Instant } from '@opennrm/runtime/decision';
import type { OpenAlert } from './alert.ts';
import { evolveAlerts } from './alerts-evolve.ts';
import type { ReferralEvent } from './events.ts';
import type { Member, Need, Urgency } from './need.ts';
import type { Stage } from './stage.ts';

/** What is known of a referral besides its offers and its stage. */
interface Facts {
  readonly urgency: Urgency;
  readonly need: Need;
  readonly needVersion: number;
  readonly party: readonly Member[];
  readonly basis: string | undefined;
  readonly apartIds: readonly string[];
  readonly registered: boolean;
  readonly registerBy: Instant | undefined;
  readonly deskDeadline: Instant | undefined;
  readonly round: number;
  readonly searches: number;
  readonly failedConfirmations: number;
  readonly alerts: readonly OpenAlert[];
}

/** The facts that an event changes. */
export function changedFacts(
  facts: Facts & { readonly stage: Stage },
  event: ReferralEvent,
): Partial<Facts> {
  switch (event.type) {
    case 'BasisFound':
      return { basis: event.basis };
    case 'BasisLost':
      return { basis: undefined };
    case 'ReferenceRegistered':
      return { registered: true, registerBy: undefined, deskDeadline: undefined };
    case 'RegistrationOverdue':
      return { registerBy: undefined };
    case 'DeskConfirmationRequested':
      return { deskDeadline: event.until };
    case 'EmergencyConfirmed':
      return { deskDeadline: undefined };
    case 'ApartAdded':
      return { apartIds: [...facts.apartIds, event.apartId] };
    case 'NeedAmended':
      return {
        need: event.need,
        urgency: event.urgency,
        needVersion: facts.needVersion + 1,
      };
    case 'RoundOpened':
      return { round: facts.round + 1 };
    case 'SearchDecided':
      return { searches: event.search };
    case 'UnitConfirmed':
      return { failedConfirmations: 0 };
    case 'UnitLost':
      return facts.stage.name === 'confirming'
        ? { failedConfirmations: facts.failedConfirmations + 1 }
        : { urgency: 'emergency' };
    case 'MemberLeft':
      return {
        party: facts.party.filter((member) => member.memberId !== event.member.memberId),
      };
    case 'AgeReviewed':
      return { party: facts.party.map((member) => withReviewedAge(member, event)) };
    case 'AlertRaised':
    case 'AlertOverdue':
    case 'AlertAcknowledged':
    case 'AlertResolved':
      return { alerts: evolveAlerts(facts.alerts, event) };
    case 'ReferralRequested':
    case 'BasisAwaited':
    case 'ServiceAsked':
    case 'ReferralUnplaced':
    case 'OfferMade':
    case 'ServiceNotPossible':
    case 'OfferSetAside':
    case 'DutyNotAcknowledged':
    case 'OfferReminded':
    case 'OfferSoftened':
    case 'OfferClosed':
    case 'OfferWithdrawn':
    case 'ProfileRead':
    case 'OfferAccepted':
    case 'OfferPutOnStandby':
    case 'OfferDeclined':
    case 'AnsweredByTelephone':
    case 'TelephoneAnswerConfirmed':
    case 'TelephoneAnswerDenied':
    case 'TelephoneAnswerUnconfirmed':
    case 'CallAttempted':
    case 'ConfirmationRequested':
    case 'StaleConfirmationReleased':
    case 'MemberAgreed':
    case 'PersonAgreed':
    case 'PersonDeclined':
    case 'JourneyArranged':
    case 'PersonCollected':
    case 'JourneyFailed':
    case 'UnitReleased':
    case 'AppointmentAgreed':
    case 'AppointmentMissed':
    case 'DeliveryReminded':
    case 'DeliveryNotArranged':
    case 'UnitTakenUp':
    case 'ServiceStarted':
    case 'ServiceChanged':
    case 'ReferralRefused':
    case 'ReferralWithdrawn':
    case 'ReferralEnded':
    case 'RuleOverridden':
    case 'WaitExtended':
      return {};
  }
}

const withReviewedAge = (
  member: Member,
  { memberId, underEighteen }: ReferralEvent & { type: 'AgeReviewed' },
): Member =>
  member.memberId === memberId
    ? {
        ...member,
        underEighteen,
        stated: member.stated ?? member.underEighteen,
      }
    : member;
