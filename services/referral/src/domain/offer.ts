import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId, OrganisationId, ServiceId } from './need.ts';

/**
 * How a service accepts: by answering an offer (`by-offer`); by contract (`direct`: placed and notified, it may object only for safety);
 * or by law (`duty`: it may not decline and must acknowledge by a deadline).
 */
export type Acceptance = 'by-offer' | 'direct' | 'duty';

/** State of an offer. The last seven have ended; `matching/bars.ts` decides when the service may be asked again. */
export type OfferStatus =
  | 'holding'
  | 'open'
  | 'softened'
  | 'standby'
  | 'confirming'
  | 'confirmed'
  | 'not-possible'
  | 'declined'
  | 'closed'
  | 'lost'
  | 'person-declined'
  | 'set-aside'
  | 'withdrawn';

/** An answer that was recorded by telephone. The provider has not confirmed it itself yet. */
export interface TelephoneAnswer {
  readonly yes: boolean;
  readonly confirmBy: Instant;
}

/** The question to a service. Its id is also the id of the hold. */
export interface Offer {
  readonly offerId: OfferId;
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly region: string;
  readonly acceptance: Acceptance;
  readonly status: OfferStatus;
  readonly needVersion: number;
  /** How many people the service was asked for. Offers from before this field existed do not have it. */
  readonly places?: number;
  readonly round: number;
  readonly askedAt: Instant;
  /** As far as this service knows, the hold was requested and not released. */
  readonly hasHold: boolean;
  readonly holdingUntil: Instant;
  readonly madeAt: Instant | undefined;
  readonly reminders: readonly Instant[];
  readonly remindersSent: number;
  readonly softDeadline: Instant | undefined;
  readonly closesAt: Instant | undefined;
  readonly acknowledgeBy: Instant | undefined;
  readonly telephone: TelephoneAnswer | undefined;
  readonly attempts: number;
  readonly endedAt: Instant | undefined;
  /** The reason why the offer ended, as a code. */
  readonly code: string | undefined;
}

/** The code of an offer that closed after its service had accepted: the service did answer. */
export const CLOSED_ON_STANDBY = 'closed-on-standby';

/** Closed without an answer. */
export const isUnanswered = (offer: Offer): boolean =>
  offer.status === 'closed' && offer.code !== CLOSED_ON_STANDBY;

/** The provider can still accept it. */
export const isAnswerable = (offer: Offer): boolean =>
  offer.status === 'open' || offer.status === 'softened';

/** The service is asked and its hold is kept. `openAtOnce` limits how many offers are in this state. */
export const isBeingAsked = (offer: Offer): boolean =>
  offer.status === 'holding' || offer.status === 'open';

/** Nobody can answer it any more, and no unit is held for it. */
export const hasEnded = (offer: Offer): boolean =>
  !isPending(offer) && offer.status !== 'confirming' && offer.status !== 'confirmed';

/** Neither ended nor chosen: these offers are withdrawn when the person agrees to another place. */
export const isPending = (offer: Offer): boolean =>
  isBeingAsked(offer) || offer.status === 'softened' || offer.status === 'standby';
