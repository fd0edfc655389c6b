import type { Term } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, RECOVERY } from './procedure.ts';
import { type Actor, known, type ProcessDecision, type Rules } from './rules.ts';
import { isOverdue, lengthened } from './statutory-clock.ts';

/** More time to recover, once, on a ground that the law names. */
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
  const clock = procedure.clocks[RECOVERY];
  if (procedure.recovery?.state !== 'running' || !clock) return refuse('not-in-recovery');
  if (isOverdue(clock, at)) return refuse('too-late');
  if (procedure.recovery.extended) return refuse('already-extended');
  const { extensionGrounds, extendedAtMost } = rules.recovery;
  if (!known(extensionGrounds, ground)) return refuse('unknown-ground', 'ground');
  if (by.unit !== extendedAtMost.unit || by.count > extendedAtMost.count) return refuse('too-long', 'by');
  return accept<ProcessEvent>(
    { type: 'RecoveryExtended', ground, by },
    { type: 'ClockSet', clock: RECOVERY, to: lengthened(rules, clock, by, at) },
  );
}

/** It ends early only on the grounds of article 13(3) of the convention: never because she will not testify. */
export function endRecovery(procedure: FormalProcess, ground: string, actor: Actor, rules: Rules): ProcessDecision {
  if (actor.organisation !== procedure.authority) return refuse('not-the-authority');
  if (procedure.recovery?.state !== 'running') return refuse('not-in-recovery');
  if (!known(rules.recovery.endGrounds, ground)) return refuse('unknown-ground', 'ground');
  return accept<ProcessEvent>({ type: 'RecoveryEnded', ground }, { type: 'ClockEnded', clock: RECOVERY });
}
