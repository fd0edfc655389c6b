import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId, OrganisationId, ServiceId } from './need.ts';

/**
 * How a service says yes: to an offer (`by-offer`), by contract (`direct`: placed and told, objection only for safety),
 * or by law (`duty`: may not decline, acknowledges by a clock).
 */
export type Acceptance = 'by-offer' | 'direct' | 'duty';

/** Where an offer is. The last six are final; `set-aside` and the like may be asked again, see `matching/bars.ts`. */
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

/** An answer that was recorded by telephone and that the provider has still to confirm itself. */
export interface TelephoneAnswer {
  readonly yes: boolean;
  readonly confirmBy: Instant;
}

/** The question to a service; its id is also the id of the hold. */
export interface Offer {
  readonly offerId: OfferId;
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly region: string;
  readonly acceptance: Acceptance;
  readonly status: OfferStatus;
  readonly needVersion: number;
  /** How many people it was asked for; missing in offers of before this was kept. */
  readonly places?: number;
  readonly round: number;
  readonly askedAt: Instant;
  /** The hold has been asked for and not given back, as far as this service knows. */
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
  /** Why it ended, as a code. */
  readonly code: string | undefined;
}

/** The code of an offer that closed after its service had said yes: it did answer. */
export const CLOSED_ON_STANDBY = 'closed-on-standby';

/** Closed without an answer. */
export const isUnanswered = (offer: Offer): boolean =>
  offer.status === 'closed' && offer.code !== CLOSED_ON_STANDBY;

/** Can still be answered with a yes. */
export const isAnswerable = (offer: Offer): boolean =>
  offer.status === 'open' || offer.status === 'softened';

/** The service is asked and its hold is kept: `openAtOnce` counts these. */
export const isBeingAsked = (offer: Offer): boolean =>
  offer.status === 'holding' || offer.status === 'open';

/** Nobody answers it, holds for it, or counts on it any more. */
export const hasEnded = (offer: Offer): boolean =>
  !isPending(offer) && offer.status !== 'confirming' && offer.status !== 'confirmed';

/** Neither ended nor chosen: what is withdrawn once the person agrees to another place. */
export const isPending = (offer: Offer): boolean =>
  isBeingAsked(offer) || offer.status === 'softened' || offer.status === 'standby';
