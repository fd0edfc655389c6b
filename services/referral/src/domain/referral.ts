import type { Delivery } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import { alertsAfterEnd, type OpenAlert } from './alert.ts';
import type { ReferralEvent, ReferralRequested } from './events.ts';
import { changedFacts } from './facts-evolve.ts';
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
import { evolveStage } from './stage-evolve.ts';

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
  readonly providedBy: string;
  readonly delivery: Delivery;
  /** The purposes of permissions and bases that count. The first is that of the relation and of disclosures. */
  readonly purposes: readonly string[];
  readonly stage: Stage;
  readonly offers: readonly Offer[];
  readonly round: number;
  readonly searches: number;
  /** Confirmations that failed since a unit was last confirmed. */
  readonly failedConfirmations: number;
  readonly alerts: readonly OpenAlert[];
}

/** The state after an event. Total: an event that was accepted once is never refused here. */
export function evolve(before: Referral | undefined, event: ReferralEvent): Referral {
  if (event.type === 'ReferralRequested') return begin(event);
  if (!before) throw new Error(`${event.type} before ReferralRequested`);
  const after = {
    ...before,
    ...changedFacts(before, event),
    offers: evolveOffers(before, event),
    stage: evolveStage(before.stage, event),
  };
  return isOver(after) && !isOver(before)
    ? { ...after, alerts: alertsAfterEnd(after.alerts, placeOf(after)?.offerId) }
    : after;
}

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

/** No next step is due. */
export const isOver = ({ stage }: Referral): boolean =>
  stage.name === 'started' ||
  stage.name === 'withdrawn' ||
  stage.name === 'refused' ||
  stage.name === 'ended';

/** The person arrived at the place and has not left it. */
export const isAtPlace = (referral: Referral): boolean =>
  referral.stage.name === 'started' && placeOf(referral)?.hasHold === true;

/** What is known of the person still matters: they seek a place, or stay at one, perhaps at one where they arrived after the end. */
export const concernsPerson = (referral: Referral): boolean =>
  !isOver(referral) ||
  isAtPlace(referral) ||
  referral.alerts.some(({ code }) => code === 'started-after-end');

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
