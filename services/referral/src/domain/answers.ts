import { nextNoon } from '@opennrm/country';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { loseUnit } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import { isAnswerable, isBeingAsked, type Offer } from './offer.ts';
import { isOver, offerOf, type Referral } from './referral.ts';
import { requestConfirmation } from './request-confirmation.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';
import { failedRuleOf } from './unsafe.ts';

export type AnswerRefusal =
  | 'not-found'
  | 'offer-closed'
  | 'offer-withdrawn'
  | 'already-answered'
  | 'already-declined'
  | 'may-not-decline'
  | 'only-for-safety'
  | 'number-not-from-directory'
  | 'not-read-back';

type AnswerDecision = Decision<ReferralEvent, AnswerRefusal>;

/** The provider accepts. Where an answer was recorded by telephone, this confirms or denies it. */
export function acceptOffer(
  referral: Referral,
  offerId: string,
  knowledge: Knowledge,
): AnswerDecision {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (offer.telephone)
    return confirmTelephoneAnswer(referral, offer, offer.telephone.accepts, knowledge);
  return recordAcceptance(referral, offer, 'provider', knowledge);
}

/** The first acceptance is confirmed at once. One that comes while another is being confirmed is put on standby. */
function recordAcceptance(
  referral: Referral,
  offer: Offer,
  by: 'provider' | 'telephone',
  knowledge: Knowledge,
  ...before: ReferralEvent[]
): AnswerDecision {
  const refusal = answerRefusal(referral, offer);
  if (refusal) return refuse(refusal, 'offer_id');
  if (failedRuleOf(referral, offer, knowledge)) return refuse('offer-withdrawn', 'offer_id');
  const { name } = referral.stage;
  const isSearching = name === 'searching' || name === 'unplaced';
  const next: Step = isSearching
    ? requestConfirmation(offer.offerId)
    : emit({ type: 'OfferPutOnStandby', offerId: offer.offerId });
  return accept(
    ...runSteps(
      referral,
      knowledge,
      emit(...before, { type: 'OfferAccepted', offerId: offer.offerId, by }),
      next,
    ),
  );
}

function answerRefusal(referral: Referral, offer: Offer): AnswerRefusal | undefined {
  if (offer.status === 'closed') return 'offer-closed';
  if (offer.status === 'declined') return 'already-declined';
  if (['standby', 'confirming', 'confirmed'].includes(offer.status)) return 'already-answered';
  if (!isAnswerable(offer) || isOver(referral) || referral.basis === undefined)
    return 'offer-withdrawn';
  return undefined;
}

export interface Decline {
  readonly code: string;
  readonly noteId: string | undefined;
}

/** The provider declines, with a code. Where an answer was recorded by telephone, this confirms or denies it. */
export function declineOffer(
  referral: Referral,
  offerId: string,
  decline: Decline,
  knowledge: Knowledge,
): AnswerDecision {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (offer.telephone)
    return confirmTelephoneAnswer(referral, offer, !offer.telephone.accepts, knowledge);
  if (isObjection(referral, offer)) return object(referral, offer, decline.code, 'code', knowledge);
  return recordDecline(referral, offer, decline, 'code', knowledge);
}

/**
 * An authority by duty may not decline. A service by contract has accepted already, and may object only for safety.
 * @param field the field that holds the code.
 */
function declineRefusal(
  { acceptance }: Offer,
  code: string,
  field: string,
): AnswerDecision | undefined {
  if (acceptance === 'duty') return refuse('may-not-decline', 'offer_id');
  return acceptance === 'direct' && code !== 'safety-concern'
    ? refuse('only-for-safety', field)
    : undefined;
}

/** A contracted place is confirmed without an answer. Until the person arrives the service may only object, and only for safety. */
const isObjection = (referral: Referral, offer: Offer): boolean =>
  offer.acceptance === 'direct' &&
  (offer.status === 'confirming' || offer.status === 'confirmed') &&
  !isOver(referral);

/** The contracted service objects for safety: the place is lost. */
const object = (
  referral: Referral,
  offer: Offer,
  code: string,
  codeField: string,
  knowledge: Knowledge,
  ...before: ReferralEvent[]
): AnswerDecision =>
  declineRefusal(offer, code, codeField) ??
  accept(
    ...runSteps(referral, knowledge, emit(...before), loseUnit(offer.offerId, code, 'to-release')),
  );

function recordDecline(
  referral: Referral,
  offer: Offer,
  decline: Decline,
  codeField: string,
  knowledge: Knowledge,
  ...before: ReferralEvent[]
): AnswerDecision {
  if (offer.status === 'declined') return refuse('already-declined', 'offer_id');
  if (offer.status === 'closed') return refuse('offer-closed', 'offer_id');
  if (!isAnswerable(offer) && offer.status !== 'standby')
    return refuse(isBeingAsked(offer) ? 'not-found' : 'offer-withdrawn', 'offer_id');
  const refusal = declineRefusal(offer, decline.code, codeField);
  if (refusal) return refusal;
  const declined: ReferralEvent = {
    type: 'OfferDeclined',
    offerId: offer.offerId,
    ...decline,
    at: knowledge.now,
  };
  return accept(...runSteps(referral, knowledge, emit(...before, declined), search));
}

/**
 * The provider confirms or denies the answer that was recorded for it. A denial reverts nothing: it raises an alert, and a coordinator
 * decides.
 */
function confirmTelephoneAnswer(
  referral: Referral,
  { offerId }: Offer,
  isConfirmed: boolean,
  knowledge: Knowledge,
): AnswerDecision {
  if (isConfirmed) return accept<ReferralEvent>({ type: 'TelephoneAnswerConfirmed', offerId });
  const denied = emit({ type: 'TelephoneAnswerDenied', offerId });
  return accept(
    ...runSteps(referral, knowledge, denied, raiseAlert('telephone-answer-denied', offerId)),
  );
}

export interface TelephoneCall {
  readonly providerAccepts: boolean;
  readonly declineCode: string | undefined;
  readonly spokeWith: string;
  readonly noteId: string | undefined;
  readonly numberFromDirectory: boolean;
  readonly readBack: boolean;
}

/** Takes effect at once, like an answer by the provider. The provider must confirm it by the next noon. */
export function answerByTelephone(
  referral: Referral,
  offerId: string,
  call: TelephoneCall,
  knowledge: Knowledge,
): AnswerDecision {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (!call.numberFromDirectory)
    return refuse('number-not-from-directory', 'number_from_directory');
  if (!call.readBack) return refuse('not-read-back', 'read_back');
  const { spokeWith, noteId, providerAccepts } = call;
  const confirmBy = nextNoon(knowledge.now, knowledge.pack.timeZone);
  const recorded: ReferralEvent = {
    type: 'AnsweredByTelephone',
    offerId: offer.offerId,
    accepts: providerAccepts,
    spokeWith,
    noteId,
    confirmBy,
  };
  if (providerAccepts) return recordAcceptance(referral, offer, 'telephone', knowledge, recorded);
  const code = call.declineCode ?? 'other';
  if (isObjection(referral, offer))
    return object(referral, offer, code, 'decline_code', knowledge, recorded);
  return recordDecline(referral, offer, { code, noteId }, 'decline_code', knowledge, recorded);
}

/** A call to the provider failed. An attempt moves no deadline. */
export function logCallAttempt(referral: Referral, offerId: string, code: string): AnswerDecision {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (!isAnswerable(offer)) return refuse('offer-closed', 'offer_id');
  return accept<ReferralEvent>({ type: 'CallAttempted', offerId: offer.offerId, code });
}

/**
 * Records that the coded profile was read; the vault shows this to the person. Allowed only while the offer can be answered or its place
 * is being confirmed or is confirmed.
 */
export function readProfile(
  referral: Referral,
  offerId: string,
  reader: { person: string; purpose: string },
  knowledge: Knowledge,
): AnswerDecision {
  const offer = offerOf(referral, offerId);
  const mayRead =
    offer && (isAnswerable(offer) || ['standby', 'confirming', 'confirmed'].includes(offer.status));
  if (!mayRead || isOver(referral)) return refuse('not-found', 'offer_id');
  if (failedRuleOf(referral, offer, knowledge)) return refuse('not-found', 'offer_id');
  return accept<ReferralEvent>({
    type: 'ProfileRead',
    offerId: offer.offerId,
    ...reader,
    at: knowledge.now,
  });
}
