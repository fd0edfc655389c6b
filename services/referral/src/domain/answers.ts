import { nextNoon } from '@opennrm/country';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { confirm } from './ask-confirmation.ts';
import { lose } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { isAnswerable, isLiveAsk, type Offer } from './offer.ts';
import { isOver, offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';
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

type Answered = Decision<ReferralEvent, AnswerRefusal>;

/** The provider says yes; or confirms, or denies, what was recorded for it by telephone. */
export function acceptOffer(referral: Referral, offerId: string, knowledge: Knowledge): Answered {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (offer.telephone) return ownWord(referral, offer, offer.telephone.yes, knowledge);
  return sayYes(referral, offer, 'provider', knowledge);
}

/** The first yes is confirmed at once; a second one meanwhile stands by. */
function sayYes(
  referral: Referral,
  offer: Offer,
  by: 'provider' | 'telephone',
  knowledge: Knowledge,
  ...before: ReferralEvent[]
): Answered {
  const no = whyNotAnswerable(referral, offer);
  if (no) return refuse(no, 'offer_id');
  if (failedRuleOf(referral, offer, knowledge)) return refuse('offer-withdrawn', 'offer_id');
  const { name } = referral.stage;
  const free = name === 'searching' || name === 'unplaced';
  const next: Step = free ? confirm(offer.offerId) : say({ type: 'OfferStoodBy', offerId: offer.offerId });
  return accept(
    ...inTurn(referral, knowledge, say(...before, { type: 'OfferAccepted', offerId: offer.offerId, by }), next),
  );
}

function whyNotAnswerable(referral: Referral, offer: Offer): AnswerRefusal | undefined {
  if (offer.status === 'closed') return 'offer-closed';
  if (offer.status === 'declined') return 'already-declined';
  if (['standby', 'confirming', 'confirmed'].includes(offer.status)) return 'already-answered';
  if (!isAnswerable(offer) || isOver(referral) || referral.basis === undefined) return 'offer-withdrawn';
  return undefined;
}

export interface Decline {
  readonly code: string;
  readonly noteId: string | undefined;
}

/** The provider says no, with a code; or confirms, or denies, what was recorded for it by telephone. */
export function declineOffer(referral: Referral, offerId: string, decline: Decline, knowledge: Knowledge): Answered {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (offer.telephone) return ownWord(referral, offer, !offer.telephone.yes, knowledge);
  if (isObjection(referral, offer)) {
    return (
      whyNotDecline(offer, decline.code, 'code') ??
      accept(...inTurn(referral, knowledge, lose(offer.offerId, decline.code, 'released')))
    );
  }
  return sayNo(referral, offer, decline, 'code', knowledge);
}

/** An authority by duty may not decline; a service by contract has said yes already, and says no for safety alone. @param field that holds the code. */
function whyNotDecline({ acceptance }: Offer, code: string, field: string): Answered | undefined {
  if (acceptance === 'duty') return refuse('may-not-decline', 'offer_id');
  return acceptance === 'direct' && code !== 'safety-concern' ? refuse('only-for-safety', field) : undefined;
}

/** A contracted bed is placed and told: its only no is for safety, until the person is there. */
const isObjection = (referral: Referral, offer: Offer): boolean =>
  offer.acceptance === 'direct' && (offer.status === 'confirming' || offer.status === 'confirmed') && !isOver(referral);

function sayNo(
  referral: Referral,
  offer: Offer,
  decline: Decline,
  codeField: string,
  knowledge: Knowledge,
  ...before: ReferralEvent[]
): Answered {
  if (offer.status === 'declined') return refuse('already-declined', 'offer_id');
  if (offer.status === 'closed') return refuse('offer-closed', 'offer_id');
  if (!isAnswerable(offer) && offer.status !== 'standby')
    return refuse(isLiveAsk(offer) ? 'not-found' : 'offer-withdrawn', 'offer_id');
  const not = whyNotDecline(offer, decline.code, codeField);
  if (not) return not;
  const declined: ReferralEvent = { type: 'OfferDeclined', offerId: offer.offerId, ...decline, at: knowledge.now };
  return accept(...inTurn(referral, knowledge, say(...before, declined), search));
}

/** The provider's own word about what was recorded for it. A denial undoes nothing: a person decides. */
function ownWord(referral: Referral, { offerId }: Offer, isTheSame: boolean, knowledge: Knowledge): Answered {
  if (isTheSame) return accept<ReferralEvent>({ type: 'TelephoneAnswerConfirmed', offerId });
  const denied = say({ type: 'TelephoneAnswerDenied', offerId });
  return accept(...inTurn(referral, knowledge, denied, raise('telephone-answer-denied', offerId)));
}

export interface TelephoneCall {
  readonly yes: boolean;
  readonly declineCode: string | undefined;
  readonly spokeWith: string;
  readonly noteId: string | undefined;
  readonly numberFromDirectory: boolean;
  readonly readBack: boolean;
}

/** Acts at once as the provider's own answer; the provider confirms it by the next noon. */
export function answerByTelephone(
  referral: Referral,
  offerId: string,
  call: TelephoneCall,
  knowledge: Knowledge,
): Answered {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (!call.numberFromDirectory) return refuse('number-not-from-directory', 'number_from_directory');
  if (!call.readBack) return refuse('not-read-back', 'read_back');
  const { spokeWith, noteId, yes } = call;
  const confirmBy = nextNoon(knowledge.now, knowledge.pack.timeZone);
  const recorded: ReferralEvent = {
    type: 'AnsweredByTelephone',
    offerId: offer.offerId,
    yes,
    spokeWith,
    noteId,
    confirmBy,
  };
  if (yes) return sayYes(referral, offer, 'telephone', knowledge, recorded);
  return sayNo(referral, offer, { code: call.declineCode ?? 'other', noteId }, 'decline_code', knowledge, recorded);
}

/** Somebody called in vain; an attempt stops no clock. */
export function logCallAttempt(referral: Referral, offerId: string, code: string): Answered {
  const offer = offerOf(referral, offerId);
  if (!offer) return refuse('not-found', 'offer_id');
  if (!isAnswerable(offer)) return refuse('offer-closed', 'offer_id');
  return accept<ReferralEvent>({ type: 'CallAttempted', offerId: offer.offerId, code });
}

/** The coded profile was read: the vault shows it to the person. Only while the offer can be answered or is being confirmed. */
export function readProfile(
  referral: Referral,
  offerId: string,
  reader: { person: string; purpose: string },
  knowledge: Knowledge,
): Answered {
  const offer = offerOf(referral, offerId);
  const mayRead = offer && (isAnswerable(offer) || ['standby', 'confirming', 'confirmed'].includes(offer.status));
  if (!mayRead || isOver(referral)) return refuse('not-found', 'offer_id');
  if (failedRuleOf(referral, offer, knowledge)) return refuse('not-found', 'offer_id');
  return accept<ReferralEvent>({ type: 'ProfileRead', offerId: offer.offerId, ...reader, at: knowledge.now });
}
