import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { missing } from '../intake-form/walk.ts';
import type { ProcessEvent } from './events.ts';
import {
  ASK_AGAIN,
  type FormalProcess,
  type Outcome,
  type Proposal,
  RECOVERY,
  type StatusDecision,
} from './procedure.ts';
import { type Actor, known, onHand, type ProcessDecision, type Rules, stepAfter, stepOf } from './rules.ts';
import { started } from './statutory-clock.ts';

export interface Verdict {
  readonly decisionId: string;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly evidence: readonly string[];
  readonly noteId: string | undefined;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Decides the step that is in hand; where the rules ask for a second person, it is a proposal until one has confirmed it. */
export const decide = (procedure: FormalProcess, verdict: Verdict, rules: Rules): ProcessDecision =>
  procedure.stage.at === 'decided' && verdict.outcome === 'disqualified'
    ? takeBack(procedure, procedure.stage, verdict, rules)
    : decideInHand(procedure, verdict, rules);

const decideInHand = (procedure: FormalProcess, verdict: Verdict, rules: Rules): ProcessDecision =>
  onHand(procedure, verdict.actor, (stage) => {
    const { actor, at, ...said } = verdict;
    const step = stepOf(rules, stage.step);
    if (!step.decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
    if (stage.at === 'submitted') return refuse('not-taken-up');
    if (stage.at !== 'pending') return refuse('paused');
    if (stage.proposal) return refuse('being-confirmed');
    const anew = stage.reconsiders && step.reconsideration?.byAnotherPerson;
    if (anew && wasIn(stage.reconsiders, actor)) return refuse('another-person-needed');
    if (said.reasons.length === 0) return refuse('reasons-needed', 'reasons');
    const lawful = rules.reasons.filter((one) => one.outcome === said.outcome);
    if (!said.reasons.every((reason) => known(lawful, reason))) return refuse('unknown-reason', 'reasons');
    if (rules.form && missing(rules.form, procedure.answers, 'decided').length > 0)
      return refuse('form-incomplete', 'answers');
    const recovers = procedure.recovery?.state === 'running' && said.outcome !== 'disqualified';
    if (step.notDuringRecovery && recovers) return refuse('during-recovery');
    const proposal: Proposal = {
      ...{ ...said, step: step.code, madeBy: actor.person, ruleVersion: rules.id, at },
      reconsidered: stage.reconsiders !== undefined,
    };
    if (step.secondPerson.includes(said.outcome)) return accept<ProcessEvent>({ type: 'DecisionProposed', proposal });
    return accept(...made(procedure, { ...proposal, confirmedBy: undefined }, rules, at));
  });

/**
 * A yes is taken back on the grounds of article 13(3) of the convention and on no others, by those who gave it, with reasons (`docs/decisions/0017`).
 * What she was given by anybody stays hers.
 */
function takeBack(
  procedure: FormalProcess,
  stage: Extract<FormalProcess['stage'], { at: 'decided' }>,
  { actor, at, ...said }: Verdict,
  rules: Rules,
): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (stage.decision.outcome !== 'positive') return refuse('already-decided');
  const step = stepOf(rules, stage.decision.step);
  if (!step.decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
  if (stage.proposal) return refuse('being-confirmed');
  if (said.reasons.length === 0) return refuse('reasons-needed', 'reasons');
  const lawful = rules.reasons.filter((one) => one.outcome === 'disqualified');
  if (!said.reasons.every((reason) => known(lawful, reason))) return refuse('unknown-reason', 'reasons');
  const by = { madeBy: actor.person, ruleVersion: rules.id, at, reconsidered: false };
  const proposal: Proposal = { ...said, step: step.code, ...by };
  if (step.secondPerson.includes('disqualified')) return accept<ProcessEvent>({ type: 'DecisionProposed', proposal });
  return accept(...made(procedure, { ...proposal, confirmedBy: undefined }, rules, at));
}

const wasIn = (decision: StatusDecision | undefined, { person }: Actor): boolean =>
  decision?.madeBy === person || decision?.confirmedBy === person;

/** A second person of the authority stands for it too. */
export const confirmDecision = (procedure: FormalProcess, actor: Actor, at: Instant, rules: Rules): ProcessDecision =>
  onProposal(procedure, actor, rules, (proposal) =>
    accept(...made(procedure, { ...proposal, confirmedBy: actor.person, at }, rules, at)),
  );

/** A second person does not; the first decides again. The clock runs on meanwhile. */
export const returnDecision = (procedure: FormalProcess, actor: Actor, reason: string, rules: Rules): ProcessDecision =>
  onProposal(procedure, actor, rules, () =>
    known(rules.returnReasons, reason)
      ? accept<ProcessEvent>({ type: 'DecisionReturned', by: actor.person, reason })
      : refuse('unknown-reason', 'returned_because'),
  );

const onProposal = (
  procedure: FormalProcess,
  actor: Actor,
  rules: Rules,
  act: (proposal: Proposal) => ProcessDecision,
): ProcessDecision => {
  const { stage: whole } = procedure;
  if (whole.at === 'decided' && whole.proposal && actor.organisation === procedure.authority) {
    const { proposal } = whole;
    if (!stepOf(rules, proposal.step).decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
    return proposal.madeBy === actor.person ? refuse('second-person-needed') : act(proposal);
  }
  return onHand(procedure, actor, (stage) => {
    if (!stepOf(rules, stage.step).decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
    if (stage.at !== 'pending' || !stage.proposal) return refuse('nothing-to-confirm');
    const same = stage.proposal.madeBy === actor.person;
    const anew = stage.reconsiders && stepOf(rules, stage.step).reconsideration?.byAnotherPerson;
    if (anew && wasIn(stage.reconsiders, actor)) return refuse('another-person-needed');
    return same ? refuse('second-person-needed') : act(stage.proposal);
  });
};

/** What a decision brings about: the next step, her time to recover, or the time in which it may be asked again. */
function made(procedure: FormalProcess, decision: StatusDecision, rules: Rules, at: Instant): ProcessEvent[] {
  const { step: code, outcome, reconsidered } = decision;
  const step = stepOf(rules, code);
  const next = outcome === 'positive' ? stepAfter(rules, code) : undefined;
  const set = (clock: string, term: Parameters<typeof started>[1]): ProcessEvent => ({
    ...{ type: 'ClockSet', clock, to: started(rules, term, at) },
  });
  const events: ProcessEvent[] = [
    { type: 'DecisionMade', decision, next: next?.code },
    { type: 'ClockEnded', clock: code },
  ];
  if (outcome === 'positive' && step.beginsRecovery && procedure.recovery === undefined)
    events.push({ type: 'RecoveryBegun' }, set(RECOVERY, rules.recovery.term));
  if (outcome === 'disqualified' && procedure.recovery?.state === 'running')
    events.push({ type: 'RecoveryEnded', ground: decision.reasons[0] }, { type: 'ClockEnded', clock: RECOVERY });
  if (next) events.push(set(next.code, next.term));
  if (outcome === 'negative' && step.reconsideration && !reconsidered)
    events.push(set(ASK_AGAIN, step.reconsideration.askedWithin));
  return events;
}

/** A no is looked at again, once, when it is asked for in time. */
export function askForReconsideration(
  procedure: FormalProcess,
  { by, reasons, at }: { readonly by: string; readonly reasons: readonly string[]; readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { stage, clocks } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified') return refuse(stage.at);
  if (stage.at !== 'decided') return refuse('not-decided');
  const { decision } = stage;
  const granted = stepOf(rules, decision.step).reconsideration;
  if (decision.outcome !== 'negative' || !granted || decision.reconsidered) return refuse('no-reconsideration');
  const asking = clocks[ASK_AGAIN];
  if (asking?.state !== 'running' || asking.end.due <= at) return refuse('too-late');
  if (reasons.length === 0) return refuse('reasons-needed', 'reasons');
  if (!reasons.every((reason) => known(rules.reconsiderationReasons, reason)))
    return refuse('unknown-reason', 'reasons');
  return accept<ProcessEvent>(
    { type: 'ReconsiderationAsked', by, reasons },
    { type: 'ClockEnded', clock: ASK_AGAIN },
    { type: 'ClockSet', clock: decision.step, to: started(rules, granted.decidedWithin, at) },
  );
}
