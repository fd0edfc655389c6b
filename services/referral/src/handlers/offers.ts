import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import {
  acceptOffer,
  answerByTelephone,
  type Decline,
  declineOffer,
  logCallAttempt,
  readProfile,
  type TelephoneCall,
} from '../domain/answers.ts';
import type { Decide } from '../domain/decide.ts';
import type { Offer } from '../domain/offer.ts';
import { offerOf, type Referral } from '../domain/referral.ts';
import { reviewOffers } from '../domain/review-offers.ts';
import { lockReferralOfOffer } from '../outbound/reads.ts';
import { type ActorCheck, changeReferral, commandReferral, mayAct } from './change-referral.ts';

/** A command on an offer: who may do it, what it decides, and the answer to the caller. */
interface OnOffer<Response> {
  readonly offerId: string;
  readonly isAllowed: ActorCheck;
  readonly decide: Decide;
  readonly respond: (offer: Offer, referral: Referral) => Response;
}

async function onOffer<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  { offerId, isAllowed, decide, respond }: OnOffer<Response>,
): Promise<Answer<Response>> {
  const referralId = await lockReferralOfOffer(tx, offerId);
  if (!referralId) return refused('not-found', 'offer_id');
  return commandReferral(tx, pack, call, {
    referralId,
    field: 'offer_id',
    isAllowed,
    decide,
    respond: (referral) => respond(offerOf(referral, offerId) as Offer, referral),
  });
}

/** Refuses to accept an offer that is no longer safe, and withdraws unsafe offers in the same transaction. */
async function acceptOrWithdraw<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  command: OnOffer<Response>,
): Promise<Answer<Response>> {
  const result = await onOffer(tx, pack, call, command);
  if (result.kind !== 'refused' || result.refusal !== 'offer-withdrawn') return result;
  const referralId = await lockReferralOfOffer(tx, command.offerId);
  if (referralId) await changeReferral(tx, pack, call.at, systemAuthor, referralId, reviewOffers);
  return result;
}

/** A provider acts on offers to its own organisation. Offers to other organisations do not exist for it. */
const isProviderOfOffer =
  (offerId: string): ActorCheck =>
  (referral, { organisation }) =>
    offerOf(referral, offerId)?.organisationId === organisation;

export const accept = (tx: Transaction, pack: CountryPack, offerId: string, call: Call) =>
  acceptOrWithdraw(tx, pack, call, {
    offerId,
    isAllowed: isProviderOfOffer(offerId),
    decide: (referral, knowledge) => acceptOffer(referral, offerId, knowledge),
    respond: (offer) => ({ state: offer.status }),
  });

export const decline = (
  tx: Transaction,
  pack: CountryPack,
  offerId: string,
  how: Decline,
  call: Call,
) =>
  onOffer(tx, pack, call, {
    offerId,
    isAllowed: isProviderOfOffer(offerId),
    decide: (referral, knowledge) => declineOffer(referral, offerId, how, knowledge),
    respond: (offer) => ({ state: offer.status }),
  });

export const recordTelephoneAnswer = (
  tx: Transaction,
  pack: CountryPack,
  offerId: string,
  telephoneCall: TelephoneCall,
  call: Call,
) =>
  acceptOrWithdraw(tx, pack, call, {
    offerId,
    isAllowed: mayAct,
    decide: (referral, knowledge) => answerByTelephone(referral, offerId, telephoneCall, knowledge),
    respond: (offer) => ({
      state: offer.status,
      confirmBy: offer.telephone && new Date(offer.telephone.confirmBy),
    }),
  });

export const logAttempt = (
  tx: Transaction,
  pack: CountryPack,
  offerId: string,
  code: string,
  call: Call,
) =>
  onOffer(tx, pack, call, {
    offerId,
    isAllowed: mayAct,
    decide: (referral) => logCallAttempt(referral, offerId, code),
    respond: (offer) => ({ attempts: offer.attempts }),
  });

export const profile = <Response>(
  tx: Transaction,
  pack: CountryPack,
  offerId: string,
  purpose: string,
  call: Call,
  respond: (referral: Referral) => Response,
) =>
  onOffer(tx, pack, call, {
    offerId,
    isAllowed: isProviderOfOffer(offerId),
    decide: (referral, knowledge) =>
      readProfile(referral, offerId, { person: call.actor.person, purpose }, knowledge),
    respond: (_offer, referral) => respond(referral),
  });
