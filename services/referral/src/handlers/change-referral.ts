import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import { type Decide, decide } from '../domain/decide.ts';
import { caseReferences, type Referral } from '../domain/referral.ts';
import { casesToReview } from '../domain/referred-twice.ts';
import { decideWithKnowledge } from '../outbound/knowledge.ts';
import { scheduleSecondReferralReview } from '../outbound/person-reviews.ts';
import { referrals } from '../outbound/referrals.ts';

/** The actor as the journal records them. */
export const authorOf = (actor: Actor): Author => actor.asAuthor();

/** Locks a referral, decides with the full knowledge, and stores the events. */
export async function changeReferral(
  tx: Transaction,
  pack: CountryPack,
  at: Instant,
  author: Author,
  referralId: string,
  wanted: Decide,
) {
  const outcome = await referrals.change(
    tx,
    referralId,
    { at, author, ruleVersion: pack.id },
    (referral) =>
      decideWithKnowledge(tx, pack, at, caseReferences(referral), (knowledge) =>
        decide(referral, knowledge, wanted),
      ),
  );
  const toReview = outcome.kind === 'accepted' ? casesToReview(outcome.state, outcome.events) : [];
  if (toReview.length > 0) await scheduleSecondReferralReview(tx, toReview, at);
  return outcome;
}

/** Who may do something with a referral. For anyone else the referral does not exist. */
export type ActorCheck = (referral: Referral, actor: Actor) => boolean;

/** An organisation acts on the referrals that it requested; the coordination desk of the country acts on all. */
export const mayAct: ActorCheck = (referral, actor) =>
  actor.holds('coordinator') || referral.ownerOrg === actor.organisation;

/** Checks the actor before the decision. @param field the request field that named the referral, for the refusal. */
export const guardByActor =
  (isAllowed: ActorCheck, { actor }: Call, field: string, wanted: Decide): Decide =>
  (referral, knowledge) =>
    isAllowed(referral, actor) ? wanted(referral, knowledge) : refuse('not-found', field);

/** A command on a referral. It must state who may do it. Anyone else is answered NOT_FOUND, so that asking reveals nothing. */
export interface Command<Response> {
  readonly referralId: string;
  /** The request field that named it; `referral_id` by default. */
  readonly field?: string;
  readonly isAllowed: ActorCheck;
  readonly decide: Decide;
  readonly respond: (referral: Referral) => Response;
}

export async function commandReferral<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  { referralId, field = 'referral_id', isAllowed, decide: wanted, respond }: Command<Response>,
): Promise<Answer<Response>> {
  const asked = guardByActor(isAllowed, call, field, wanted);
  const outcome = await changeReferral(tx, pack, call.at, authorOf(call.actor), referralId, asked);
  return answerFrom(outcome, respond, field);
}
