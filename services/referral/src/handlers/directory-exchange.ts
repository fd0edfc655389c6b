import { type CountryPack, DIRECTORY } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { evolve, offerOf, type Referral } from '../domain/referral.ts';
import { lockDirectory } from '../outbound/places.ts';
import {
  type FromProvider,
  type ProviderMessage,
  providerMessages,
} from '../outbound/provider-messages.ts';
import { type By, changeOnce } from './change-once.ts';
import { holdDecisions } from './hold-decisions.ts';
import { changePlaces, decideOnMessage } from './places-provider.ts';
import { signalAfterRefusal } from './signal-after-refusal.ts';

/** A change of a referral that was accepted. `before` is missing where it began. */
export interface AcceptedChange {
  readonly before: Referral | undefined;
  readonly state: Referral;
  readonly events: readonly ReferralEvent[];
}

/**
 * Hands what a change of a referral says to its provider to the module `directory`, and applies the answers, until no message is left. All of it
 * happens in the transaction of the change, as if a provider service had answered at once.
 * @returns the last state, and every event since.
 */
export async function exchangeWithDirectory(
  tx: Transaction,
  pack: CountryPack,
  at: Instant,
  change: AcceptedChange,
): Promise<Outcome> {
  if (change.state.providedBy !== DIRECTORY) return change;
  const by = { at, author: systemAuthor };
  const { state, events } = await exchange(tx, pack, by, change.state, {
    messages: messagesAbout(change),
    answers: [],
  });
  return { state, events: [...change.events, ...events] };
}

/** The last state of a referral, and the events since the change. */
export type Outcome = Pick<AcceptedChange, 'state' | 'events'>;

interface Open {
  /** From the referral to the module. */
  readonly messages: readonly ProviderMessage[];
  /** From the module to the referral. */
  readonly answers: readonly FromProvider[];
}

/** Applies the answers and hands over the messages until none is left. `by` caused the first answers; the others follow by rule. */
export async function exchange(
  tx: Transaction,
  pack: CountryPack,
  by: By,
  referral: Referral,
  open: Open,
): Promise<Outcome> {
  let state = referral;
  const events: ReferralEvent[] = [];
  const messages = [...open.messages];
  let { answers } = open;
  let { author } = by;
  for (;;) {
    for (const answer of answers) {
      const change = await applyAnswer(tx, pack, { at: by.at, author }, state.referralId, answer);
      if (!change) continue;
      state = change.state;
      events.push(...change.events);
      messages.push(...messagesAbout(change));
    }
    const next = messages.shift();
    if (!next) return { state, events };
    answers = await answersTo(tx, by.at, next, state);
    author = systemAuthor;
  }
}

/** What the referral says about each of its events, in their order. */
function messagesAbout({ before, events }: AcceptedChange): ProviderMessage[] {
  let state = before;
  return events.flatMap((event) => {
    state = evolve(state, event);
    return providerMessages(event, state);
  });
}

async function answersTo(
  tx: Transaction,
  at: Instant,
  { holdId, message }: ProviderMessage,
  referral: Referral,
): Promise<readonly FromProvider[]> {
  const serviceId = offerOf(referral, holdId)?.serviceId;
  const decide = decideOnMessage(message, at);
  if (serviceId === undefined || !decide) return [];
  await lockDirectory(tx);
  const change = await changePlaces(tx, serviceId, { at, author: systemAuthor }, holdId, decide);
  return change.kind === 'unknown' ? refusalOf(message) : change.answers;
}

/** A service that has declared nothing gets the same answer as one without a free unit. */
function refusalOf(message: ProviderMessage['message']): FromProvider[] {
  if (message.$case !== 'holdRequested' && message.$case !== 'confirmRequested') return [];
  const value = { holdId: message.value.holdId, code: 'not-possible-here' };
  return message.$case === 'holdRequested'
    ? [{ $case: 'holdRefused', value }]
    : [{ $case: 'unitUnavailable', value }];
}

/** Applies an answer to the referral. @returns undefined where it changes nothing. */
async function applyAnswer(
  tx: Transaction,
  pack: CountryPack,
  by: By,
  referralId: string,
  answer: FromProvider,
): Promise<AcceptedChange | undefined> {
  if (answer.$case === 'capacityChanged' || answer.$case === 'holdReleased') return undefined;
  // The value is that of the case, which TypeScript cannot follow through the table.
  const decisionFor = holdDecisions[answer.$case] as (value: unknown) => Decide;
  const { before, outcome } = await changeOnce(tx, pack, by, referralId, decisionFor(answer.value));
  if (outcome.kind !== 'accepted') return undefined;
  if (answer.$case === 'holdRefused')
    await signalAfterRefusal(tx, outcome.state, answer.value.holdId, by.at);
  return { before, state: outcome.state, events: outcome.events };
}
