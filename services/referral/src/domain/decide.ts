import { accept, type Decision } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { evolve, type Referral } from './referral.ts';
import { type Knowledge, runSteps } from './steps.ts';
import { withdrawRemaining } from './withdraw-remaining.ts';

/** A decision on a referral: of a command, an event of another service, or a deadline. */
export type Decide<Refusal extends string = string> = (
  referral: Referral,
  knowledge: Knowledge,
) => Decision<ReferralEvent, Refusal>;

/** Every change of an existing referral passes through here, so that the events that must follow from it always do. */
export function decide<Refusal extends string>(
  referral: Referral,
  knowledge: Knowledge,
  decideOn: Decide<Refusal>,
): Decision<ReferralEvent, Refusal> {
  const decision = decideOn(referral, knowledge);
  if (decision.kind !== 'accepted') return decision;
  const state = decision.events.reduce(evolve, referral);
  return accept(...decision.events, ...runSteps(state, knowledge, withdrawRemaining));
}
