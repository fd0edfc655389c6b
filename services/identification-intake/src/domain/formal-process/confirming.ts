import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { decisionEvents } from './decision-events.ts';
import type { ProcessEvent } from './events.ts';
import {
  DISQUALIFICATION,
  type FormalProcess,
  type Proposal,
  type StatusDecision,
} from './procedure.ts';
import {
  type Actor,
  hasCode,
  holdsOneOf,
  onOpenStep,
  type ProcessDecision,
  type Rules,
  stepOf,
} from './rules.ts';

/** The second person, and the proposal that this person has read. */
export interface Confirming {
  readonly decisionId: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** A second person of the authority confirms the proposal. */
export const confirmDecision = (
  procedure: FormalProcess,
  by: Confirming,
  rules: Rules,
): ProcessDecision =>
  onProposal(procedure, by, rules, (proposal) => {
    const decided = decisionEvents(
      procedure,
      { ...proposal, confirmedBy: by.actor.person, at: by.at },
      rules,
      by.at,
    );
    return accept(...decided, ...endDisqualificationDeadline(procedure));
  });

/** A second person returns the proposal, and the first decides again. The deadline continues to run. */
export const returnDecision = (
  procedure: FormalProcess,
  { reason, ...by }: Confirming & { readonly reason: string },
  rules: Rules,
): ProcessDecision =>
  onProposal(procedure, by, rules, () =>
    hasCode(rules.returnReasons, reason)
      ? accept<ProcessEvent>(
          { type: 'DecisionReturned', by: by.actor.person, reason },
          ...endDisqualificationDeadline(procedure),
        )
      : refuse('unknown-reason', 'returned_because'),
  );

const endDisqualificationDeadline = ({ deadlines }: FormalProcess): ProcessEvent[] =>
  deadlines[DISQUALIFICATION] ? [{ type: 'DeadlineEnded', deadline: DISQUALIFICATION }] : [];

type Act = (proposal: Proposal) => ProcessDecision;

function onProposal(
  procedure: FormalProcess,
  { decisionId, actor }: Confirming,
  rules: Rules,
  act: Act,
): ProcessDecision {
  const { stage: whole } = procedure;
  const second = (proposal: Proposal): ProcessDecision => {
    if (!holdsOneOf(actor, stepOf(rules, proposal.step).decidedBy))
      return refuse('role-may-not-decide');
    // The proposal may have been returned and replaced by another one, perhaps with another outcome. A person confirms only what they have
    // read.
    if (proposal.decisionId !== decisionId) return refuse('another-proposal', 'decision_id');
    return proposal.madeBy === actor.person ? refuse('second-person-needed') : act(proposal);
  };
  if (whole.at === 'decided' && whole.proposal && actor.organisation === procedure.authority)
    return second(whole.proposal);
  return onOpenStep(procedure, actor, (stage) => {
    const step = stepOf(rules, stage.step);
    if (!holdsOneOf(actor, step.decidedBy)) return refuse('role-may-not-decide');
    if (!stage.proposal) return refuse('nothing-to-confirm');
    if (stage.at !== 'pending') return refuse('paused');
    const byAnother = stage.reconsiders && step.reconsideration?.byAnotherPerson;
    return byAnother && tookPartIn(stage.reconsiders, actor)
      ? refuse('another-person-needed')
      : second(stage.proposal);
  });
}

/** Whether a person took part in a decision, and so may not reconsider it. */
export const tookPartIn = (decision: StatusDecision, { person }: Actor): boolean =>
  decision.madeBy === person || decision.confirmedBy === person;
