import type { Instant } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { ASK_AGAIN, type FormalProcess, type Proposal, RECOVERY, type StatusDecision, TELL_HER } from './procedure.ts';
import { type Rules, stepAfter, stepOf } from './rules.ts';
import { started } from './statutory-clock.ts';

/** What a decision brings about: the next step, her time to recover, or the time in which it may be asked again. */
export function made(
  procedure: FormalProcess,
  said: Proposal & Pick<StatusDecision, 'confirmedBy'>,
  rules: Rules,
  at: Instant,
): ProcessEvent[] {
  const { step: code, outcome, reconsidered } = said;
  const clock = procedure.clocks[code];
  const decision = { ...said, due: clock?.state === 'running' ? clock.end.due : undefined };
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
  // The first one that she has not been told of counts: a later decision gives nobody more time for it.
  if (!procedure.clocks[TELL_HER]) events.push(set(TELL_HER, rules.tellWithin));
  if (next) events.push(set(next.code, next.term));
  if (outcome === 'negative' && step.reconsideration && !reconsidered)
    events.push(set(ASK_AGAIN, step.reconsideration.askedWithin));
  return events;
}
