import type { Term } from '@opennrm/country';
import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, PAUSE } from './procedure.ts';
import {
  type Actor,
  hasCode,
  onOpenStep,
  type ProcessDecision,
  type Rules,
  termOfOpenStep,
} from './rules.ts';
import { isOverdue, lengthened, paused, resumed, started, unitOf } from './statutory-deadline.ts';

export interface PauseCommand {
  readonly ground: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Information is missing: the clock stands still until it has come. */
export const requestInformation = (
  procedure: FormalProcess,
  command: PauseCommand,
  rules: Rules,
): ProcessDecision =>
  pauseStep(procedure, command, rules, 'InformationRequested', rules.pauseGrounds);

/** The process rests for another reason that the law names. */
export const suspendProcess = (
  procedure: FormalProcess,
  command: PauseCommand,
  rules: Rules,
): ProcessDecision =>
  pauseStep(procedure, command, rules, 'ProcessSuspended', rules.suspensionGrounds);

/**
 * A deadline that is overdue does not stand still: it stays overdue and goes on telling. One that stands still is told of too when it has stood too
 * long, so that nobody is forgotten in a pause.
 */
function pauseStep(
  procedure: FormalProcess,
  { ground: code, actor, at }: PauseCommand,
  rules: Rules,
  type: 'InformationRequested' | 'ProcessSuspended',
  lawful: Rules['pauseGrounds'],
): ProcessDecision {
  return onOpenStep(procedure, actor, ({ at: stage, step }) => {
    if (stage === 'submitted') return refuse('not-taken-up');
    if (stage !== 'pending') return refuse('paused');
    const ground = lawful.find((one) => one.code === code);
    if (!ground) return refuse('unknown-ground', 'ground');
    const deadline = procedure.deadlines[step];
    if (deadline?.state !== 'running') return refuse('paused');
    const pausedEvent: ProcessEvent = {
      type,
      ground: code,
      waitsFor: ground.waitsFor,
      by: actor.person,
    };
    if (isOverdue(deadline, at)) return accept<ProcessEvent>(pausedEvent);
    return accept<ProcessEvent>(
      pausedEvent,
      { type: 'DeadlineSet', deadline: step, to: paused(rules, deadline, code, at) },
      { type: 'DeadlineSet', deadline: PAUSE, to: started(rules, rules.inactive.pause, at) },
    );
  });
}

/** The information has come, or the hindrance is gone: a clock that stood still goes on with exactly what was left, an overdue one as it is. */
export const resume = (
  procedure: FormalProcess,
  from: 'information-requested' | 'suspended',
  { actor, at }: Omit<PauseCommand, 'ground'>,
  rules: Rules,
): ProcessDecision =>
  onOpenStep(procedure, actor, ({ at: stage, step }) => {
    const deadline = procedure.deadlines[step];
    if (stage !== from) return refuse('not-paused');
    const type = from === 'suspended' ? 'ProcessResumed' : 'InformationReceived';
    const resumedEvent: ProcessEvent = { type, by: actor.person };
    if (deadline?.state !== 'paused') return accept<ProcessEvent>(resumedEvent);
    return accept<ProcessEvent>(
      resumedEvent,
      { type: 'DeadlineSet', deadline: step, to: resumed(rules, deadline, at) },
      { type: 'DeadlineEnded', deadline: PAUSE },
    );
  });

/**
 * More time for what is in hand, on a ground that the law names: once, no longer than its own term, and in time. What is overdue stays so: a delay
 * cannot be mended by giving oneself more time afterwards.
 */
export const extendDeadline = (
  procedure: FormalProcess,
  { by, ground, actor, at }: PauseCommand & { readonly by: Term },
  rules: Rules,
): ProcessDecision =>
  onOpenStep(procedure, actor, (stage) => {
    const { step } = stage;
    const [deadline, term] = [procedure.deadlines[step], termOfOpenStep(rules, stage)];
    if (!deadline) return refuse('no-such-deadline');
    if (isOverdue(deadline, at)) return refuse('too-late');
    if (!hasCode(rules.extensionGrounds, ground)) return refuse('unknown-ground', 'ground');
    // After newer rules were adopted the clock may still be counted as before.
    if (by.unit !== unitOf(deadline) || by.unit !== term.unit || by.count > term.count)
      return refuse('too-long', 'by');
    if (procedure.extended.includes(step)) return refuse('already-extended');
    return accept<ProcessEvent>(
      { type: 'DeadlineExtended', deadline: step, term: by, ground, by: actor.person },
      { type: 'DeadlineSet', deadline: step, to: lengthened(rules, deadline, by, at) },
    );
  });
