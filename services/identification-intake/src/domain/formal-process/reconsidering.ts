import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, RECONSIDERATION } from './procedure.ts';
import { hasCode, type ProcessDecision, type Rules, stepOf } from './rules.ts';
import { started } from './statutory-deadline.ts';

/** Requests the reconsideration of a negative decision: once, and in time. */
export function requestReconsideration(
  procedure: FormalProcess,
  {
    by,
    reasons,
    at,
  }: { readonly by: string; readonly reasons: readonly string[]; readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { stage, deadlines } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed')
    return refuse(stage.at);
  if (stage.at !== 'decided') return refuse('not-decided');
  const { decision } = stage;
  const granted = stepOf(rules, decision.step).reconsideration;
  if (decision.outcome !== 'negative' || !granted || decision.reconsidered)
    return refuse('no-reconsideration');
  const asking = deadlines[RECONSIDERATION];
  if (asking?.state !== 'running' || asking.end.due <= at) return refuse('too-late');
  if (reasons.length === 0) return refuse('reasons-needed', 'reasons');
  if (!reasons.every((reason) => hasCode(rules.reconsiderationReasons, reason)))
    return refuse('unknown-reason', 'reasons');
  return accept<ProcessEvent>(
    { type: 'ReconsiderationRequested', by, reasons },
    { type: 'DeadlineEnded', deadline: RECONSIDERATION },
    { type: 'DeadlineSet', deadline: decision.step, to: started(rules, granted.decidedWithin, at) },
  );
}
