import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { ASK_AGAIN, type FormalProcess } from './procedure.ts';
import { known, type ProcessDecision, type Rules, stepOf } from './rules.ts';
import { started } from './statutory-clock.ts';

/** A no is looked at again, once, when it is asked for in time. */
export function askForReconsideration(
  procedure: FormalProcess,
  { by, reasons, at }: { readonly by: string; readonly reasons: readonly string[]; readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { stage, clocks } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return refuse(stage.at);
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
