import { remainingTerm } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, hasOpenStep, isOver, type Stage } from './procedure.ts';
import { type Actor, hasCode, type ProcessDecision, type Rules } from './rules.ts';
import { isOverdue, type StatutoryDeadline, started } from './statutory-deadline.ts';

/**
 * Adopts a newer version of the rules for a running procedure, by a decision with a reason. Each deadline keeps its remaining term,
 * counted by the new calendar from now on. Without such a decision nothing changes.
 */
export function adoptRules(
  procedure: FormalProcess,
  { ground, actor, at }: { readonly ground: string; readonly actor: Actor; readonly at: Instant },
  before: Rules,
  rules: Rules,
): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (isOver(procedure)) return refuse('already-decided');
  if (!isNewer(rules, before)) return refuse('not-newer');
  if (!hasCode(rules.adoptionGrounds, ground)) return refuse('unknown-ground', 'ground');
  const step = stepIn(procedure.stage);
  if (step !== undefined && !rules.steps.some(({ code }) => code === step))
    return refuse('unknown-step');
  const deadlines = Object.entries(procedure.deadlines).map(([deadline, one]): ProcessEvent => {
    return { type: 'DeadlineSet', deadline, to: counted(one, before, rules, at) };
  });
  return accept<ProcessEvent>(
    { type: 'RulesAdopted', ruleVersion: rules.id, ground, by: actor.person },
    ...deadlines,
  );
}

/** The open step, or the step of a decision that may be reconsidered. */
function stepIn(stage: Stage): string | undefined {
  if (hasOpenStep(stage)) return stage.step;
  return stage.at === 'decided' ? stage.decision.step : undefined;
}

/** A later version for the same country. Other content under the same version is not newer. */
function isNewer(rules: Rules, before: Rules): boolean {
  const [year, nth] = versionOf(rules);
  const [yearBefore, nthBefore] = versionOf(before);
  return (
    rules.country === before.country &&
    (year > yearBefore || (year === yearBefore && nth > nthBefore))
  );
}

function versionOf({ version }: Rules): readonly [number, number] {
  const [year = 0, nth = 0] = version.split('.').map(Number);
  return [year, nth];
}

function counted(
  deadline: StatutoryDeadline,
  before: Rules,
  rules: Rules,
  at: Instant,
): StatutoryDeadline {
  // An overdue deadline stays overdue: no calendar makes it punctual again.
  if (deadline.state === 'paused' || isOverdue(deadline, at)) return deadline;
  return started(rules, remainingTerm(before.workdays, deadline.end, at), at);
}
