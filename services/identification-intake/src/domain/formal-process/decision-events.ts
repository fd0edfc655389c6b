import type { Instant } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import {
  type FormalProcess,
  NOTIFY_PERSON,
  type Proposal,
  RECONSIDERATION,
  RECOVERY,
  type StatusDecision,
} from './procedure.ts';
import { type Rules, stepAfter, stepOf } from './rules.ts';
import { started } from './statutory-deadline.ts';

/** The events of a decision: the next step, the recovery period, or the term for requesting a reconsideration. */
export function decisionEvents(
  procedure: FormalProcess,
  made: Proposal & Pick<StatusDecision, 'confirmedBy'>,
  rules: Rules,
  at: Instant,
): ProcessEvent[] {
  const { step: code, outcome, reconsidered } = made;
  const deadline = procedure.deadlines[code];
  const decision = { ...made, due: deadline?.state === 'running' ? deadline.end.due : undefined };
  const step = stepOf(rules, code);
  const next = outcome === 'positive' ? stepAfter(rules, code) : undefined;
  const set = (deadline: string, term: Parameters<typeof started>[1]): ProcessEvent => ({
    type: 'DeadlineSet',
    deadline,
    to: started(rules, term, at),
  });
  const events: ProcessEvent[] = [
    { type: 'DecisionMade', decision, next: next?.code },
    { type: 'DeadlineEnded', deadline: code },
  ];
  if (outcome === 'positive' && step.beginsRecovery && procedure.recovery === undefined)
    events.push({ type: 'RecoveryBegun' }, set(RECOVERY, rules.recovery.term));
  if (outcome === 'disqualified' && procedure.recovery?.state === 'running')
    events.push(
      { type: 'RecoveryEnded', ground: decision.reasons[0] },
      { type: 'DeadlineEnded', deadline: RECOVERY },
    );
  // The term runs from the first decision of which the person was not notified.
  if (!procedure.deadlines[NOTIFY_PERSON])
    events.push(set(NOTIFY_PERSON, rules.notifyPersonWithin));
  if (next) events.push(set(next.code, next.term));
  if (outcome === 'negative' && step.reconsideration && !reconsidered)
    events.push(set(RECONSIDERATION, step.reconsideration.askedWithin));
  return events;
}
