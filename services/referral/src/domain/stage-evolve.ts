import type { ReferralEvent } from './events.ts';
import type { Stage } from './stage.ts';

/** The stage after an event. */
export function evolveStage(stage: Stage, event: ReferralEvent): Stage {
  switch (event.type) {
    case 'BasisAwaited':
      return { name: 'waiting-for-basis', until: event.until, searchBegun: false };
    case 'BasisLost':
      return hasNoPlace(stage)
        ? { name: 'waiting-for-basis', until: event.until, searchBegun: true }
        : stage;
    case 'BasisFound':
      return stage.name === 'waiting-for-basis' ? { name: 'searching' } : stage;
    case 'ServiceAsked':
      return stage.name === 'unplaced' ? { name: 'searching' } : stage;
    case 'ReferralUnplaced':
      return {
        name: 'unplaced',
        until: event.until,
        placeOfLastResort: event.placeOfLastResort,
        isRechecked: false,
      };
    case 'ConfirmationRequested':
      return { name: 'confirming', offerId: event.offerId, until: event.until };
    case 'UnitConfirmed':
      return {
        name: 'awaiting-person',
        offerId: event.offerId,
        until: event.until,
        agreedMembers: [],
      };
    case 'UnitLost':
    case 'DeliveryNotArranged':
    case 'PersonDeclined':
      return 'offerId' in stage && stage.offerId === event.offerId ? { name: 'searching' } : stage;
    case 'MemberAgreed':
      return stage.name === 'awaiting-person'
        ? { ...stage, agreedMembers: [...stage.agreedMembers, event.memberId] }
        : stage;
    case 'MemberLeft':
      return stage.name === 'awaiting-person' ? { ...stage, agreedMembers: [] } : stage;
    case 'PersonAgreed':
      return {
        name: 'agreed',
        offerId: event.offerId,
        until: event.until,
        remindAt: event.remindAt,
        missed: 0,
      };
    case 'DeliveryReminded':
      return stage.name === 'agreed' ? { ...stage, remindAt: undefined } : stage;
    case 'AppointmentAgreed':
    case 'AppointmentMissed':
      return evolveAppointment(stage, event);
    case 'WaitExtended':
      if (stage.name === 'unplaced') return { ...stage, until: event.until, isRechecked: true };
      return 'until' in stage ? { ...stage, until: event.until } : stage;
    case 'JourneyArranged':
    case 'PersonCollected':
    case 'JourneyFailed':
    case 'UnitReleased':
    case 'ServiceStarted':
      return evolveJourney(stage, event);
    case 'RuleOverridden':
      return event.action === 'restart-search' ? { name: 'searching' } : stage;
    case 'ReferralRefused':
      return { name: 'refused', code: event.code };
    case 'ReferralWithdrawn':
      return { name: 'withdrawn', code: event.code };
    case 'ReferralEnded':
      return { name: 'ended', code: event.code };
    case 'ReferralRequested':
    case 'ReferenceRegistered':
    case 'RegistrationOverdue':
    case 'ApartAdded':
    case 'DeskConfirmationRequested':
    case 'EmergencyConfirmed':
    case 'SearchDecided':
    case 'NeedAmended':
    case 'RoundOpened':
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
    case 'StaleConfirmationReleased':
    case 'AgeReviewed':
    case 'UnitTakenUp':
    case 'ServiceChanged':
    case 'AlertRaised':
    case 'AlertOverdue':
    case 'AlertAcknowledged':
    case 'AlertResolved':
      return stage;
  }
}

function evolveAppointment(
  stage: Stage,
  event: Extract<ReferralEvent, { type: 'AppointmentAgreed' | 'AppointmentMissed' }>,
): Stage {
  if (stage.name !== 'agreed' && stage.name !== 'appointment') return stage;
  const { offerId, missed } = stage;
  const { until } = event;
  return event.type === 'AppointmentAgreed'
    ? { name: 'appointment', offerId, at: event.at, until, missed }
    : { name: 'agreed', offerId, until, remindAt: undefined, missed: event.missed };
}

type JourneyStep = Extract<
  ReferralEvent,
  {
    type:
      | 'JourneyArranged'
      | 'PersonCollected'
      | 'JourneyFailed'
      | 'UnitReleased'
      | 'ServiceStarted';
  }
>;

function evolveJourney(stage: Stage, event: JourneyStep): Stage {
  if (event.type === 'ServiceStarted') return { name: 'started', offerId: event.offerId };
  if (!('offerId' in stage) || stage.name === 'started') return stage;
  const { offerId } = stage;
  switch (event.type) {
    case 'JourneyArranged': {
      const { escortId, collectAt, arriveAt, until } = event;
      return { name: 'journey', step: 'arranged', offerId, escortId, collectAt, arriveAt, until };
    }
    case 'PersonCollected':
      return stage.name === 'journey' ? { ...stage, step: 'collected', until: event.until } : stage;
    case 'JourneyFailed':
      return { name: 'journey-failed', offerId, until: event.heldUntil, isHeld: true };
    case 'UnitReleased':
      return stage.name === 'journey-failed' ? { ...stage, isHeld: false } : stage;
  }
}

/** The person has no confirmed place yet, so the search may continue. */
const hasNoPlace = (stage: Stage): boolean =>
  stage.name === 'searching' || stage.name === 'unplaced' || stage.name === 'confirming';
