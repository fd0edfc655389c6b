import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { made } from './decided.ts';
import type { ProcessEvent } from './events.ts';
import type { FormalProcess, Proposal, StatusDecision } from './procedure.ts';
import { type Actor, known, onHand, type ProcessDecision, type Rules, stepOf } from './rules.ts';

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

type Act = (proposal: Proposal) => ProcessDecision;

function onProposal(procedure: FormalProcess, actor: Actor, rules: Rules, act: Act): ProcessDecision {
  const { stage: whole } = procedure;
  const second = (proposal: Proposal): ProcessDecision => {
    if (!stepOf(rules, proposal.step).decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
    return proposal.madeBy === actor.person ? refuse('second-person-needed') : act(proposal);
  };
  if (whole.at === 'decided' && whole.proposal && actor.organisation === procedure.authority)
    return second(whole.proposal);
  return onHand(procedure, actor, (stage) => {
    const step = stepOf(rules, stage.step);
    if (!step.decidedBy.includes(actor.role)) return refuse('role-may-not-decide');
    if (stage.at !== 'pending' || !stage.proposal) return refuse('nothing-to-confirm');
    const byAnother = stage.reconsiders && step.reconsideration?.byAnotherPerson;
    return byAnother && wasIn(stage.reconsiders, actor) ? refuse('another-person-needed') : second(stage.proposal);
  });
}

/** Who had a part in a decision does not look at it again. */
export const wasIn = (decision: StatusDecision, { person }: Actor): boolean =>
  decision.madeBy === person || decision.confirmedBy === person;
