import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import { decideKnowing } from '../adapters/knowledge.ts';
import { referrals } from '../adapters/referrals.ts';
import { type Decide, decide } from '../domain/decide.ts';
import { caseReferences, type Referral } from '../domain/referral.ts';

/** Who acted, as it stands in the journal. */
export const authorOf = (actor: Actor): Author => actor.asAuthor();

/** Locks a referral, decides with everything that may be known, and keeps what happened. */
export function changeReferral(
  tx: Transaction,
  pack: CountryPack,
  at: Instant,
  author: Author,
  referralId: string,
  wanted: Decide,
) {
  return referrals.change(tx, referralId, { at, author, ruleVersion: pack.id }, (referral) =>
    decideKnowing(tx, pack, at, caseReferences(referral), (knowing) => decide(referral, knowing, wanted)),
  );
}

/** A command on a referral: NOT_FOUND for whoever may not see it, so that nothing is learnt by asking. */
export async function commandReferral<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  referralId: string,
  wanted: Decide,
  respond: (referral: Referral) => Response,
): Promise<Answer<Response>> {
  const outcome = await changeReferral(tx, pack, call.at, authorOf(call.actor), referralId, wanted);
  return answerFrom(outcome, respond, 'referral_id');
}

/** The requester's organisation acts on its own referrals; the country's coordination desk on all. */
export const mayAct = (referral: Referral, actor: Actor): boolean =>
  actor.holds('coordinator') || referral.ownerOrg === actor.organisation;

/** Puts the question of who may act before a decision. */
export const asRequester =
  (call: Call, wanted: Decide): Decide =>
  (referral, knowing) =>
    mayAct(referral, call.actor) ? wanted(referral, knowing) : refuse('not-found', 'referral_id');
