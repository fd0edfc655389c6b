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

/** Pauses the deadline while information is missing. */
export const requestInformation = (
  procedure: FormalProcess,
  command: PauseCommand,
  rules: Rules,
): ProcessDecision =>
  pauseStep(procedure, command, rules, 'InformationRequested', rules.pauseGrounds);

/** Suspends the process for another reason that the law names. */
export const suspendProcess = (
  procedure: FormalProcess,
  command: PauseCommand,
  rules: Rules,
): ProcessDecision =>
  pauseStep(procedure, command, rules, 'ProcessSuspended', rules.suspensionGrounds);

/**
 * An overdue deadline is not paused: it stays overdue and is escalated further. A pause has its own deadline, so that no procedure is
 * forgotten in it.
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

/** Ends a pause: a paused deadline continues with exactly its remaining term, an overdue one does not change. */
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
 * Extends the deadline of the open step for a reason that the law names: once, by no more than its own term, and before it is due. An
 * overdue deadline stays overdue: an authority cannot repair a delay by an extension afterwards.
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
    // After newer rules were adopted, the deadline may still have the unit of the older rules.
    if (by.unit !== unitOf(deadline) || by.unit !== term.unit || by.count > term.count)
      return refuse('too-long', 'by');
    if (procedure.extended.includes(step)) return refuse('already-extended');
    return accept<ProcessEvent>(
      { type: 'DeadlineExtended', deadline: step, term: by, ground, by: actor.person },
      { type: 'DeadlineSet', deadline: step, to: lengthened(rules, deadline, by, at) },
    );
  });
