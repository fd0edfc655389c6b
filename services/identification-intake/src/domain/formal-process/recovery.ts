import type { Term } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, RECOVERY } from './procedure.ts';
import { type Actor, hasCode, type ProcessDecision, type Rules } from './rules.ts';
import { isOverdue, lengthened } from './statutory-deadline.ts';

/** Extends the recovery period, once, for a reason that the law names. */
export function extendRecovery(
  procedure: FormalProcess,
  {
    by,
    ground,
    actor,
    at,
  }: { readonly by: Term; readonly ground: string; readonly actor: Actor; readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  const deadline = procedure.deadlines[RECOVERY];
  if (procedure.recovery?.state !== 'running' || !deadline) return refuse('not-in-recovery');
  if (isOverdue(deadline, at)) return refuse('too-late');
  if (procedure.recovery.extended) return refuse('already-extended');
  const { extensionGrounds, extendedAtMost } = rules.recovery;
  if (!hasCode(extensionGrounds, ground)) return refuse('unknown-ground', 'ground');
  if (by.unit !== extendedAtMost.unit || by.count > extendedAtMost.count)
    return refuse('too-long', 'by');
  return accept<ProcessEvent>(
    { type: 'RecoveryExtended', ground, by },
    { type: 'DeadlineSet', deadline: RECOVERY, to: lengthened(rules, deadline, by, at) },
  );
}

/** Ends the recovery period early, only for the reasons of article 13(3), never because the person will not testify. */
export function endRecovery(
  procedure: FormalProcess,
  ground: string,
  actor: Actor,
  rules: Rules,
): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (procedure.recovery?.state !== 'running') return refuse('not-in-recovery');
  if (!hasCode(rules.recovery.endGrounds, ground)) return refuse('unknown-ground', 'ground');
  return accept<ProcessEvent>(
    { type: 'RecoveryEnded', ground },
    { type: 'DeadlineEnded', deadline: RECOVERY },
  );
}
