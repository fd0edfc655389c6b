import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { referralOfOffer } from '../adapters/reads.ts';
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
import { offersReviewed } from '../domain/facts.ts';
import type { Offer } from '../domain/offer.ts';
import { offerOf, type Referral } from '../domain/referral.ts';
import { changeReferral, commandReferral, type May, mayAct } from './ground.ts';

/** A command on an offer: who may do it, what it decides, and what the caller is told. */
interface OnOffer<Response> {
  readonly offerId: string;
  readonly may: May;
  readonly decide: Decide;
  readonly respond: (offer: Offer, referral: Referral) => Response;
}

async function onOffer<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  { offerId, may, decide, respond }: OnOffer<Response>,
): Promise<Answer<Response>> {
  const referralId = await referralOfOffer(tx, offerId);
  if (!referralId) return refused('not-found', 'offer_id');
  return commandReferral(tx, pack, call, {
    referralId,
    field: 'offer_id',
    may,
    decide,
    respond: (referral) => respond(offerOf(referral, offerId) as Offer, referral),
  });
}

/** A yes that comes for an offer that is not safe any more is refused, and in the same transaction what is not safe is taken back. */
async function onYes<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  command: OnOffer<Response>,
): Promise<Answer<Response>> {
  const given = await onOffer(tx, pack, call, command);
  if (given.kind !== 'refused' || given.refusal !== 'offer-withdrawn') return given;
  const referralId = await referralOfOffer(tx, command.offerId);
  if (referralId) await changeReferral(tx, pack, call.at, platform, referralId, offersReviewed);
  return given;
}

/** A provider acts on offers to its own organisation; another's offer does not exist for it. */
const isAsked =
  (offerId: string): May =>
  (referral, { organisation }) =>
    offerOf(referral, offerId)?.organisationId === organisation;

export const accept = (tx: Transaction, pack: CountryPack, offerId: string, call: Call) =>
  onYes(tx, pack, call, {
    offerId,
    may: isAsked(offerId),
    decide: (referral, knowing) => acceptOffer(referral, offerId, knowing),
    respond: (offer) => ({ state: offer.status }),
  });

export const decline = (tx: Transaction, pack: CountryPack, offerId: string, how: Decline, call: Call) =>
  onOffer(tx, pack, call, {
    offerId,
    may: isAsked(offerId),
    decide: (referral, knowing) => declineOffer(referral, offerId, how, knowing),
    respond: (offer) => ({ state: offer.status }),
  });

export const byTelephone = (tx: Transaction, pack: CountryPack, offerId: string, heard: TelephoneCall, call: Call) =>
  onYes(tx, pack, call, {
    offerId,
    may: mayAct,
    decide: (referral, knowing) => answerByTelephone(referral, offerId, heard, knowing),
    respond: (offer) => ({
      state: offer.status,
      confirmBy: offer.telephone && new Date(offer.telephone.confirmBy),
    }),
  });

export const attempt = (tx: Transaction, pack: CountryPack, offerId: string, code: string, call: Call) =>
  onOffer(tx, pack, call, {
    offerId,
    may: mayAct,
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
    may: isAsked(offerId),
    decide: (referral, knowing) => readProfile(referral, offerId, { person: call.actor.person, purpose }, knowing),
    respond: (_offer, referral) => respond(referral),
  });
