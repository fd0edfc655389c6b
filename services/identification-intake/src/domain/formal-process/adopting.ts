import { leftOf } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, isInHand, isOver } from './procedure.ts';
import { type Actor, known, type ProcessDecision, type Rules } from './rules.ts';
import { type StatutoryClock, started } from './statutory-clock.ts';

/**
 * A newer version of the rules is taken for a procedure that is under way: somebody decides it, and says why. Each clock keeps what is left of it
 * and counts that by the new calendar from now on; without such a decision nothing moves.
 */
export function adoptRules(
  procedure: FormalProcess,
  { ground, actor, at }: { readonly ground: string; readonly actor: Actor; readonly at: Instant },
  before: Rules,
  rules: Rules,
): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (isOver(procedure)) return refuse('already-decided');
  if (procedure.ruleVersion === rules.id) return refuse('not-newer');
  if (!known(rules.adoptionGrounds, ground)) return refuse('unknown-ground', 'ground');
  const { stage } = procedure;
  if (isInHand(stage) && !rules.steps.some(({ code }) => code === stage.step)) return refuse('unknown-step');
  const clocks = Object.entries(procedure.clocks).map(([clock, one]): ProcessEvent => {
    return { type: 'ClockSet', clock, to: counted(one, before, rules, at) };
  });
  return accept<ProcessEvent>({ type: 'RulesAdopted', ruleVersion: rules.id, ground, by: actor.person }, ...clocks);
}

function counted(clock: StatutoryClock, before: Rules, rules: Rules, at: Instant): StatutoryClock {
  // What is overdue stays so: no calendar makes it be in time again.
  if (clock.state === 'paused' || clock.end.due <= at) return clock;
  return started(rules, leftOf(before.workdays, clock.end, at), at, clock.told);
}
