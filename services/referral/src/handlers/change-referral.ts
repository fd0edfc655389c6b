import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import type { Referral } from '../domain/referral.ts';
import { casesToReview } from '../domain/referred-twice.ts';
import { scheduleSecondReferralReview } from '../outbound/person-reviews.ts';
import type { FromProvider } from '../outbound/provider-messages.ts';
import { type By, changeOnce, createOnce } from './change-once.ts';
import { exchange, exchangeWithDirectory, type Outcome } from './directory-exchange.ts';

/** The actor as the journal records them. */
export const authorOf = (actor: Actor): Author => actor.asAuthor();

/** Locks a referral, decides with the full knowledge, stores the events, and asks the module `directory` where it provides the need. */
export async function changeReferral(
  tx: Transaction,
  pack: CountryPack,
  at: Instant,
  author: Author,
  referralId: string,
  wanted: Decide,
) {
  const { before, outcome } = await changeOnce(tx, pack, { at, author }, referralId, wanted);
  if (outcome.kind !== 'accepted') return outcome;
  const { state, events } = await exchangeWithDirectory(tx, pack, at, { ...outcome, before });
  await reviewPeopleOf(tx, { state, events }, at);
  return { ...outcome, state, events };
}

async function reviewPeopleOf(
  tx: Transaction,
  { state, events }: Outcome,
  at: Instant,
): Promise<void> {
  const toReview = casesToReview(state, events);
  if (toReview.length > 0) await scheduleSecondReferralReview(tx, toReview, at);
}

/**
 * Applies what the module `directory` says about a hold of this referral, which is locked, because somebody recorded it.
 * @returns the referral after that.
 */
export async function applyAnswers(
  tx: Transaction,
  pack: CountryPack,
  by: By,
  referral: Referral,
  answers: readonly FromProvider[],
): Promise<Referral> {
  const outcome = await exchange(tx, pack, by, referral, { messages: [], answers });
  await reviewPeopleOf(tx, outcome, by.at);
  return outcome.state;
}

/** Begins a referral, and asks the module `directory` where it provides the need. */
export async function createReferral<Refusal extends string>(
  tx: Transaction,
  pack: CountryPack,
  by: By,
  referralId: string,
  decision: Decision<ReferralEvent, Refusal>,
) {
  const outcome = await createOnce(tx, pack, by, referralId, decision);
  if (outcome.kind !== 'accepted') return outcome;
  const begun = { ...outcome, before: undefined };
  const { state, events } = await exchangeWithDirectory(tx, pack, by.at, begun);
  return { ...outcome, state, events };
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
