import { accept, type Decision } from '@opennrm/runtime/decision';
import { endTheRest } from './ending.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge } from './in-turn.ts';
import { evolve, type Referral } from './referral.ts';

/** What somebody or something wants of a referral: a command, a word of another service, or time. */
export type Decide<Refusal extends string = string> = (
  referral: Referral,
  knowledge: Knowledge,
) => Decision<ReferralEvent, Refusal>;

/**
 * The one way in which a referral that exists is changed: what must follow from a change follows here, whoever made
 * it.
 */
export function decide<Refusal extends string>(
  referral: Referral,
  knowledge: Knowledge,
  wanted: Decide<Refusal>,
): Decision<ReferralEvent, Refusal> {
  const decision = wanted(referral, knowledge);
  if (decision.kind !== 'accepted') return decision;
  const state = decision.events.reduce(evolve, referral);
  return accept(...decision.events, ...inTurn(state, knowledge, endTheRest));
}
