import type { Step } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { missingFields } from '../intake-form/asked-fields.ts';
import { tookPartIn } from './confirming.ts';
import { decisionEvents } from './decision-events.ts';
import type { ProcessEvent } from './events.ts';
import { DISQUALIFICATION, type FormalProcess, type Outcome, type Proposal } from './procedure.ts';
import {
  type Actor,
  hasCode,
  holdsOneOf,
  onOpenStep,
  type ProcessDecision,
  type Rules,
  stepOf,
} from './rules.ts';
import { started } from './statutory-deadline.ts';

export interface Verdict {
  readonly decisionId: string;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly evidence: readonly string[];
  readonly noteId: string | undefined;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Decides the open step. When the rules require a second person, the decision is a proposal until that person has confirmed it. */
export const decide = (
  procedure: FormalProcess,
  verdict: Verdict,
  rules: Rules,
): ProcessDecision =>
  procedure.stage.at === 'decided' && verdict.outcome === 'disqualified'
    ? proposeDisqualification(procedure, procedure.stage, verdict, rules)
    : decideOpenStep(procedure, verdict, rules);

const decideOpenStep = (
  procedure: FormalProcess,
  verdict: Verdict,
  rules: Rules,
): ProcessDecision =>
  onOpenStep(procedure, verdict.actor, (stage) => {
    const { actor, outcome } = verdict;
    const step = stepOf(rules, stage.step);
    if (!holdsOneOf(actor, step.decidedBy)) return refuse('role-may-not-decide');
    if (stage.at === 'submitted') return refuse('not-taken-up');
    if (stage.at !== 'pending') return refuse('paused');
    if (stage.proposal) return refuse('being-confirmed');
    const byAnother = stage.reconsiders && step.reconsideration?.byAnotherPerson;
    if (byAnother && tookPartIn(stage.reconsiders, actor)) return refuse('another-person-needed');
    if (rules.form && missingFields(rules.form, procedure.answers, 'decided').length > 0)
      return refuse('form-incomplete', 'answers');
    const recovers = procedure.recovery?.state === 'running' && outcome !== 'disqualified';
    if (step.notDuringRecovery && recovers) return refuse('during-recovery');
    return withReasons(
      procedure,
      step,
      { ...verdict, reconsidered: stage.reconsiders !== undefined },
      rules,
    );
  });

/**
 * A positive decision is revoked only for the reasons of article 13(3) of the convention, by the authority that made it, with reasons
 * (`docs/decisions/0017`). What the person has received is not affected.
 */
function proposeDisqualification(
  procedure: FormalProcess,
  stage: Extract<FormalProcess['stage'], { at: 'decided' }>,
  verdict: Verdict,
  rules: Rules,
): ProcessDecision {
  if (verdict.actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (stage.decision.outcome !== 'positive') return refuse('already-decided');
  const step = stepOf(rules, stage.decision.step);
  if (!holdsOneOf(verdict.actor, step.decidedBy)) return refuse('role-may-not-decide');
  if (stage.proposal) return refuse('being-confirmed');
  const decision = withReasons(procedure, step, { ...verdict, reconsidered: false }, rules);
  if (decision.kind !== 'accepted') return decision;
  const to = started(rules, rules.inactive.disqualification, verdict.at);
  return accept<ProcessEvent>(...decision.events, {
    type: 'DeadlineSet',
    deadline: DISQUALIFICATION,
    to,
  });
}

/** A decision needs lawful reasons for its outcome. It is made by one person, or proposed to a second. */
function withReasons(
  procedure: FormalProcess,
  step: Step,
  { actor, at, ...verdict }: Verdict & { readonly reconsidered: boolean },
  rules: Rules,
): ProcessDecision {
  if (verdict.reasons.length === 0) return refuse('reasons-needed', 'reasons');
  const lawful = rules.reasons.filter(({ outcome }) => outcome === verdict.outcome);
  if (!verdict.reasons.every((reason) => hasCode(lawful, reason)))
    return refuse('unknown-reason', 'reasons');
  const proposal: Proposal = {
    ...verdict,
    step: step.code,
    madeBy: actor.person,
    ruleVersion: rules.id,
    at,
  };
  if (step.secondPerson.includes(verdict.outcome))
    return accept<ProcessEvent>({ type: 'DecisionProposed', proposal });
  return accept(...decisionEvents(procedure, { ...proposal, confirmedBy: undefined }, rules, at));
}
