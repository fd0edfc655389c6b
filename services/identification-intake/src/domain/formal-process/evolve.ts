import { filled } from '../intake-form/filling.ts';
import type { ProcessEvent } from './events.ts';
import {
  type FormalProcess,
  hasOpenStep,
  type OpenStepStage,
  type PauseReason,
  RECOVERY,
  type Stage,
  type StatusDecision,
} from './procedure.ts';
import type { Running } from './statutory-deadline.ts';

/** The process after an event. */
export function evolveProcess(
  before: FormalProcess | undefined,
  event: ProcessEvent,
): FormalProcess {
  if (event.type === 'ProcessBegun') {
    const { type: _type, caseReference: _case, ...begun } = event;
    return {
      ...begun,
      stage: { at: 'draft' },
      submission: undefined,
      answers: {},
      decisions: [],
      notifications: [],
      extended: [],
      ...recoveryAfter(before),
    };
  }
  if (!before) throw new Error(`${event.type} before ProcessBegun`);
  switch (event.type) {
    case 'FormAnswered':
      return { ...before, answers: filled(before.answers, event.changes) };
    case 'ProcessSubmitted':
      return {
        ...before,
        stage: { at: 'submitted', step: event.step, proposal: undefined, reconsiders: undefined },
        submission: { at: event.at, basis: event.basis, informedOfPowers: event.informedOfPowers },
      };
    case 'ProcessTakenUp':
    case 'InformationReceived':
    case 'ProcessResumed':
      return { ...before, stage: openStepAs(before.stage, 'pending') };
    case 'InformationRequested':
      return {
        ...before,
        stage: { ...openStepAs(before.stage, 'information-requested'), ...pauseReasonOf(event) },
      };
    case 'ProcessSuspended':
      return {
        ...before,
        stage: { ...openStepAs(before.stage, 'suspended'), ...pauseReasonOf(event) },
      };
    case 'DecisionProposed':
      return { ...before, stage: proposed(before.stage, event.proposal) };
    case 'DecisionReturned':
      return { ...before, stage: proposed(before.stage, undefined) };
    case 'DecisionMade':
      return {
        ...before,
        decisions: [...before.decisions, event.decision],
        stage: after(event.decision, event.next),
      };
    case 'PersonNotified': {
      const { type: _type, ...how } = event;
      return { ...before, notifications: [...before.notifications, how] };
    }
    case 'ReconsiderationRequested': {
      const reconsiders = before.decisions.at(-1);
      const step = reconsiders?.step ?? '';
      return { ...before, stage: { at: 'submitted', step, proposal: undefined, reconsiders } };
    }
    case 'RecoveryBegun':
      return { ...before, recovery: { state: 'running', extended: false } };
    case 'RecoveryExtended':
      return { ...before, recovery: { state: 'running', extended: true } };
    case 'RecoveryEnded':
      return { ...before, recovery: { state: 'over', endedEarlyOn: event.ground } };
    case 'ProcessWithdrawn':
      return { ...before, stage: { at: 'withdrawn', by: event.by } };
    case 'ProcessLapsed':
      return { ...before, stage: { at: 'lapsed' } };
    case 'RulesAdopted':
      return { ...before, ruleVersion: event.ruleVersion };
    case 'DeadlineSet':
      return { ...before, deadlines: { ...before.deadlines, [event.deadline]: event.to } };
    case 'DeadlineExtended':
      return { ...before, extended: [...before.extended, event.deadline] };
    case 'DeadlineEnded': {
      const { [event.deadline]: _ended, ...deadlines } = before.deadlines;
      return { ...before, deadlines };
    }
    case 'DeadlineDueSoon':
      return withDeadline(before, event.deadline, (deadline) => ({
        ...deadline,
        soonAt: undefined,
      }));
    case 'DeadlineEscalated':
      return withDeadline(before, event.deadline, (deadline) => ({
        ...deadline,
        escalations: deadline.escalations.slice(1),
        escalationCount: event.nth,
        escalatedTo: event.ownerRole,
      }));
    case 'DeadlinePassed':
    case 'ProcessRead':
    case 'RemovalBarChecked':
      return before;
  }
}

/** The recovery period belongs to the person, not to one procedure: a new procedure does not end it. */
function recoveryAfter(
  before: FormalProcess | undefined,
): Pick<FormalProcess, 'recovery' | 'deadlines'> {
  if (before?.recovery?.state !== 'running') return { recovery: undefined, deadlines: {} };
  const deadlines = Object.entries(before.deadlines).filter(([deadline]) => deadline === RECOVERY);
  return { recovery: before.recovery, deadlines: Object.fromEntries(deadlines) };
}

const pauseReasonOf = ({ ground, waitsFor }: PauseReason): PauseReason => ({ ground, waitsFor });

function openStepAs<Name extends OpenStepStage['at']>(stage: Stage, at: Name) {
  if (!hasOpenStep(stage)) throw new Error(`no step is open in ${stage.at}`);
  const { step, proposal, reconsiders } = stage;
  return { at, step, proposal, reconsiders };
}

function proposed(stage: Stage, proposal: OpenStepStage['proposal']): Stage {
  if (stage.at === 'decided') return { ...stage, proposal };
  if (!hasOpenStep(stage)) throw new Error(`no step is open in ${stage.at}`);
  return { ...stage, proposal };
}

function after(decision: StatusDecision, next: string | undefined): Stage {
  if (decision.outcome === 'disqualified') return { at: 'disqualified', decision };
  if (next === undefined) return { at: 'decided', decision, proposal: undefined };
  return { at: 'pending', step: next, proposal: undefined, reconsiders: undefined };
}

function withDeadline(
  procedure: FormalProcess,
  code: string,
  change: (deadline: Running) => Running,
): FormalProcess {
  const deadline = procedure.deadlines[code];
  if (deadline?.state !== 'running') return procedure;
  return { ...procedure, deadlines: { ...procedure.deadlines, [code]: change(deadline) } };
}
