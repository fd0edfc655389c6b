import type { Term } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, PAUSE } from './procedure.ts';
import { type Actor, known, onHand, type ProcessDecision, type Rules, termInHand } from './rules.ts';
import { isOverdue, lengthened, paused, resumed, started, unitOf } from './statutory-clock.ts';

export interface Holding {
  readonly ground: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Information is missing: the clock stands still until it has come. */
export const requestInformation = (procedure: FormalProcess, holding: Holding, rules: Rules): ProcessDecision =>
  hold(procedure, holding, rules, 'InformationRequested', rules.pauseGrounds);

/** The process rests for another reason that the law names. */
export const suspendProcess = (procedure: FormalProcess, holding: Holding, rules: Rules): ProcessDecision =>
  hold(procedure, holding, rules, 'ProcessSuspended', rules.suspensionGrounds);

/**
 * A clock that is overdue does not stand still: it stays overdue and goes on telling. One that stands still is told of too when it has stood too
 * long, so that nobody is forgotten in a pause.
 */
function hold(
  procedure: FormalProcess,
  { ground: code, actor, at }: Holding,
  rules: Rules,
  type: 'InformationRequested' | 'ProcessSuspended',
  lawful: Rules['pauseGrounds'],
): ProcessDecision {
  return onHand(procedure, actor, ({ at: stage, step }) => {
    if (stage === 'submitted') return refuse('not-taken-up');
    if (stage !== 'pending') return refuse('paused');
    const ground = lawful.find((one) => one.code === code);
    if (!ground) return refuse('unknown-ground', 'ground');
    const clock = procedure.clocks[step];
    if (clock?.state !== 'running') return refuse('paused');
    const held: ProcessEvent = { type, ground: code, waitsFor: ground.waitsFor, by: actor.person };
    if (isOverdue(clock, at)) return accept<ProcessEvent>(held);
    return accept<ProcessEvent>(
      held,
      { type: 'ClockSet', clock: step, to: paused(rules, clock, code, at) },
      { type: 'ClockSet', clock: PAUSE, to: started(rules, rules.rests.pause, at) },
    );
  });
}

/** The information has come, or the hindrance is gone: a clock that stood still goes on with exactly what was left, an overdue one as it is. */
export const goOn = (
  procedure: FormalProcess,
  from: 'information-requested' | 'suspended',
  { actor, at }: Omit<Holding, 'ground'>,
  rules: Rules,
): ProcessDecision =>
  onHand(procedure, actor, ({ at: stage, step }) => {
    const clock = procedure.clocks[step];
    if (stage !== from) return refuse('not-paused');
    const type = from === 'suspended' ? 'ProcessTakenUpAgain' : 'InformationReceived';
    const went: ProcessEvent = { type, by: actor.person };
    if (clock?.state !== 'paused') return accept<ProcessEvent>(went);
    return accept<ProcessEvent>(
      went,
      { type: 'ClockSet', clock: step, to: resumed(rules, clock, at) },
      { type: 'ClockEnded', clock: PAUSE },
    );
  });

/**
 * More time for what is in hand, on a ground that the law names: once, no longer than its own term, and in time. What is overdue stays so: a delay
 * cannot be mended by giving oneself more time afterwards.
 */
export const extendClock = (
  procedure: FormalProcess,
  { by, ground, actor, at }: Holding & { readonly by: Term },
  rules: Rules,
): ProcessDecision =>
  onHand(procedure, actor, (stage) => {
    const { step } = stage;
    const [clock, term] = [procedure.clocks[step], termInHand(rules, stage)];
    if (!clock) return refuse('no-such-clock');
    if (isOverdue(clock, at)) return refuse('too-late');
    if (!known(rules.extensionGrounds, ground)) return refuse('unknown-ground', 'ground');
    // After newer rules were adopted the clock may still be counted as before.
    if (by.unit !== unitOf(clock) || by.unit !== term.unit || by.count > term.count) return refuse('too-long', 'by');
    if (procedure.extended.includes(step)) return refuse('already-extended');
    return accept<ProcessEvent>(
      { type: 'ClockExtended', clock: step, term: by, ground, by: actor.person },
      { type: 'ClockSet', clock: step, to: lengthened(rules, clock, by, at) },
    );
  });
