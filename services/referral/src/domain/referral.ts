import type { Instant } from '@opennrm/runtime/decision';
import { alertsAfterEnd, type OpenAlert } from './alert.ts';
import { evolveAlerts } from './alerts-evolve.ts';
import type { ReferralEvent, ReferralRequested } from './events.ts';
import type {
  CaseReference,
  Member,
  Need,
  OrganisationId,
  ReferralId,
  ServiceId,
  Urgency,
} from './need.ts';
import { isAnswerable, type Offer } from './offer.ts';
import { evolveOffers } from './offers-evolve.ts';
import type { Stage } from './stage.ts';

export type { Journey, Stage } from './stage.ts';

/** One need of one person or one party, with every service that was asked. */
export interface Referral {
  readonly referralId: ReferralId;
  readonly ownerOrg: OrganisationId;
  /** The person who made the request. The quota of emergencies counts by them. */
  readonly requestedBy: string;
  readonly urgency: Urgency;
  readonly need: Need;
  readonly needVersion: number;
  readonly party: readonly Member[];
  readonly basis: string | undefined;
  /** The basis code of the emergency request. It suffices for each person for whom the vault has not yet decided. */
  readonly requestBasis: string | undefined;
  readonly apartIds: readonly string[];
  /** Services that the person declined before this referral began. Referrals from before this field existed do not have it. */
  readonly declinedServiceIds?: readonly ServiceId[];
  readonly registerBy: Instant | undefined;
  /** The vault knows the reference of everyone in the party. */
  readonly registered: boolean;
  /** When the coordination desk is alerted again about an emergency above the quota; undefined where no confirmation is awaited. */
  readonly deskDeadline: Instant | undefined;
  readonly requestedAt: Instant;
  readonly packVersion: string;
  readonly unitKind: string;
  readonly stage: Stage;
  readonly offers: readonly Offer[];
  readonly round: number;
  readonly searches: number;
  /** Confirmations that failed since a bed was last confirmed. */
  readonly failedConfirmations: number;
  readonly alerts: readonly OpenAlert[];
}

/** The state after an event. Total: an event that was accepted once is never refused here. */
export function evolve(before: Referral | undefined, event: ReferralEvent): Referral {
  if (event.type === 'ReferralRequested') return begin(event);
  if (!before) throw new Error(`${event.type} before ReferralRequested`);
  const referral = {
    ...before,
    offers: evolveOffers(before, event),
    stage: evolveStage(before, event),
  };
  switch (event.type) {
    case 'BasisFound':
      return { ...referral, basis: event.basis };
    case 'BasisLost':
      return { ...referral, basis: undefined };
    case 'ReferenceRegistered':
      return { ...referral, registered: true, registerBy: undefined, deskDeadline: undefined };
    case 'RegistrationOverdue':
      return { ...referral, registerBy: undefined };
    case 'DeskConfirmationRequested':
      return { ...referral, deskDeadline: event.until };
    case 'EmergencyConfirmed':
      return { ...referral, deskDeadline: undefined };
    case 'ApartAdded':
      return { ...referral, apartIds: [...referral.apartIds, event.apartId] };
    case 'NeedAmended':
      return {
        ...referral,
        need: event.need,
        urgency: event.urgency,
        needVersion: referral.needVersion + 1,
      };
    case 'RoundOpened':
      return { ...referral, round: referral.round + 1 };
    case 'SearchDecided':
      return { ...referral, searches: event.search };
    case 'BedConfirmed':
      return { ...referral, failedConfirmations: 0 };
    case 'BedLost':
      return before.stage.name === 'confirming'
        ? { ...referral, failedConfirmations: referral.failedConfirmations + 1 }
        : { ...referral, urgency: 'emergency' };
    case 'MemberLeft':
      return {
        ...referral,
        party: referral.party.filter((member) => member.memberId !== event.member.memberId),
      };
    case 'AgeReviewed':
      return { ...referral, party: referral.party.map((member) => withReviewedAge(member, event)) };
    case 'AlertRaised':
    case 'AlertOverdue':
    case 'AlertAcknowledged':
    case 'AlertResolved':
      return { ...referral, alerts: evolveAlerts(referral.alerts, event) };
    default:
      return isOver(referral) && !isOver(before)
        ? { ...referral, alerts: alertsAfterEnd(referral.alerts, placeOf(referral)?.offerId) }
        : referral;
  }
}

const withReviewedAge = (
  member: Member,
  { memberId, underEighteen }: Pick<Member, 'memberId' | 'underEighteen'>,
): Member => (member.memberId === memberId ? { ...member, underEighteen } : member);

function begin(event: ReferralRequested): Referral {
  const { type: _type, at, foundTogether: _found, ...facts } = event;
  return {
    ...facts,
    requestBasis: event.basis,
    registered: event.registerBy === undefined,
    deskDeadline: undefined,
    needVersion: 1,
    requestedAt: at,
    stage: { name: 'searching' },
    offers: [],
    round: 1,
    searches: 0,
    failedConfirmations: 0,
    alerts: [],
  };
}

function evolveStage(referral: Referral, event: ReferralEvent): Stage {
  const { stage } = referral;
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
    case 'BedConfirmed':
      return {
        name: 'awaiting-person',
        offerId: event.offerId,
        until: event.until,
        agreedMembers: [],
      };
    case 'BedLost':
    case 'PersonDeclined':
      return 'offerId' in stage && stage.offerId === event.offerId ? { name: 'searching' } : stage;
    case 'MemberAgreed':
      return stage.name === 'awaiting-person'
        ? { ...stage, agreedMembers: [...stage.agreedMembers, event.memberId] }
        : stage;
    case 'MemberLeft':
      return stage.name === 'awaiting-person' ? { ...stage, agreedMembers: [] } : stage;
    case 'PersonAgreed':
      return { name: 'placed', offerId: event.offerId, until: event.until };
    case 'WaitExtended':
      if (stage.name === 'unplaced') return { ...stage, until: event.until, isRechecked: true };
      return 'until' in stage ? { ...stage, until: event.until } : stage;
    case 'JourneyArranged':
    case 'PersonCollected':
    case 'JourneyFailed':
    case 'BedGivenBack':
    case 'PersonArrived':
      return evolveJourney(stage, event);
    case 'RuleOverridden':
      return event.action === 'restart-search' ? { name: 'searching' } : stage;
    case 'ReferralRefused':
      return { name: 'refused', code: event.code };
    case 'ReferralWithdrawn':
      return { name: 'withdrawn', code: event.code };
    case 'ReferralEnded':
      return { name: 'ended', code: event.code };
    default:
      return stage;
  }
}

type JourneyStep = Extract<
  ReferralEvent,
  {
    type:
      | 'JourneyArranged'
      | 'PersonCollected'
      | 'JourneyFailed'
      | 'BedGivenBack'
      | 'PersonArrived';
  }
>;

function evolveJourney(stage: Stage, event: JourneyStep): Stage {
  if (event.type === 'PersonArrived') return { name: 'arrived', offerId: event.offerId };
  if (!('offerId' in stage) || stage.name === 'arrived') return stage;
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
    case 'BedGivenBack':
      return stage.name === 'journey-failed' ? { ...stage, isHeld: false } : stage;
  }
}

/** No next step is due. */
export const isOver = ({ stage }: Referral): boolean =>
  stage.name === 'arrived' ||
  stage.name === 'withdrawn' ||
  stage.name === 'refused' ||
  stage.name === 'ended';

/** The person has no confirmed place yet, so the search may continue. */
const hasNoPlace = (stage: Stage): boolean =>
  stage.name === 'searching' || stage.name === 'unplaced' || stage.name === 'confirming';

/** Above the quota of emergencies: nothing may be held until the desk confirms or the reference is registered. */
export const isUnconfirmedEmergency = (referral: Referral): boolean =>
  referral.deskDeadline !== undefined;

/** An unconfirmed emergency without a place: it waits for the desk first. */
export const isWaitingForDesk = (referral: Referral): boolean =>
  isUnconfirmedEmergency(referral) &&
  (referral.stage.name === 'searching' || referral.stage.name === 'unplaced');

export type StateName = Stage['name'] | 'offered' | 'waiting-for-desk';

/** The state as callers see it: `searching` is shown as `offered` when a provider can answer an offer. */
export function stateName(referral: Referral): StateName {
  const { stage, offers } = referral;
  if (isWaitingForDesk(referral)) return 'waiting-for-desk';
  return stage.name === 'searching' && offers.some(isAnswerable) ? 'offered' : stage.name;
}

/** The offer of the place that is being confirmed, is confirmed, or where the person stays; undefined where there is none. */
export const placeOf = (referral: Referral): Offer | undefined =>
  'offerId' in referral.stage ? offerOf(referral, referral.stage.offerId) : undefined;

export const offerOf = (referral: Referral, offerId: string): Offer | undefined =>
  referral.offers.find((offer) => offer.offerId === offerId);

export const caseReferences = (referral: Referral): CaseReference[] =>
  referral.party.map((member) => member.caseReference);
