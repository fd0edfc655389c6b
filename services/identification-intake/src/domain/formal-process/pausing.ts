import type { Term } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import type { FormalProcess } from './procedure.ts';
import { type Actor, known, onHand, type ProcessDecision, type Rules, stepOf } from './rules.ts';
import { lengthened, paused, resumed } from './statutory-clock.ts';

export interface Holding {
  readonly ground: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Information is missing: the clock stands still until it has come. */
export const requestInformation = (procedure: FormalProcess, holding: Holding, rules: Rules): ProcessDecision =>
  hold(procedure, holding, rules, rules.pauseGrounds, (by, ground) => ({ type: 'InformationRequested', ground, by }));

/** The process rests for another reason that the law names. */
export const suspendProcess = (procedure: FormalProcess, holding: Holding, rules: Rules): ProcessDecision =>
  hold(procedure, holding, rules, rules.suspensionGrounds, (by, ground) => ({ type: 'ProcessSuspended', ground, by }));

function hold(
  procedure: FormalProcess,
  { ground, actor, at }: Holding,
  rules: Rules,
  lawful: Rules['pauseGrounds'],
  event: (by: string, ground: string) => ProcessEvent,
): ProcessDecision {
  return onHand(procedure, actor, ({ at: stage, step }) => {
    if (stage === 'submitted') return refuse('not-taken-up');
    if (stage !== 'pending') return refuse('paused');
    if (!known(lawful, ground)) return refuse('unknown-ground', 'ground');
    const clock = procedure.clocks[step];
    if (clock?.state !== 'running') return refuse('paused');
    const to = paused(rules, clock, ground, at);
    return accept<ProcessEvent>(event(actor.person, ground), { type: 'ClockSet', clock: step, to });
  });
}

/** The information has come, or the hindrance is gone: the clock goes on with exactly what was left. */
export const goOn = (
  procedure: FormalProcess,
  from: 'information-requested' | 'suspended',
  { actor, at }: Omit<Holding, 'ground'>,
  rules: Rules,
): ProcessDecision =>
  onHand(procedure, actor, ({ at: stage, step }) => {
    const clock = procedure.clocks[step];
    if (stage !== from || clock?.state !== 'paused') return refuse('not-paused');
    const type = from === 'suspended' ? 'ProcessTakenUpAgain' : 'InformationReceived';
    return accept<ProcessEvent>(
      { type, by: actor.person },
      { type: 'ClockSet', clock: step, to: resumed(rules, clock, at) },
    );
  });

/** More time for a step, on a ground that the law names, once no longer than the step itself. */
export const extendClock = (
  procedure: FormalProcess,
  { by, ground, actor, at }: Holding & { readonly by: Term },
  rules: Rules,
): ProcessDecision =>
  onHand(procedure, actor, ({ step }) => {
    const [clock, { term }] = [procedure.clocks[step], stepOf(rules, step)];
    if (!clock) return refuse('no-such-clock');
    if (!known(rules.pauseGrounds, ground)) return refuse('unknown-ground', 'ground');
    if (by.unit !== term.unit || by.count > term.count) return refuse('too-long', 'by');
    if (procedure.extended.includes(step)) return refuse('already-extended');
    return accept<ProcessEvent>(
      { type: 'ClockExtended', clock: step, term: by, ground, by: actor.person },
      { type: 'ClockSet', clock: step, to: lengthened(rules, clock, by, at) },
    );
  });
