import { filled } from '../intake-form/filling.ts';
import type { ProcessEvent } from './events.ts';
import {
  type FormalProcess,
  type InHand,
  isInHand,
  RECOVERY,
  type Resting,
  type Stage,
  type StatusDecision,
} from './procedure.ts';
import type { Running } from './statutory-clock.ts';

/** The process after an event. */
export function evolveProcess(before: FormalProcess | undefined, event: ProcessEvent): FormalProcess {
  if (event.type === 'ProcessBegun') {
    const { type: _type, caseReference: _case, ...begun } = event;
    return {
      ...{
        ...begun,
        stage: { at: 'draft' },
        submission: undefined,
        answers: {},
        decisions: [],
        told: [],
        extended: [],
      },
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
        submission: { at: event.at, basis: event.basis, toldOfPowers: event.toldOfPowers },
      };
    case 'ProcessTakenUp':
    case 'InformationReceived':
    case 'ProcessTakenUpAgain':
      return { ...before, stage: inHandAs(before.stage, 'pending') };
    case 'InformationRequested':
      return { ...before, stage: { ...inHandAs(before.stage, 'information-requested'), ...restingOn(event) } };
    case 'ProcessSuspended':
      return { ...before, stage: { ...inHandAs(before.stage, 'suspended'), ...restingOn(event) } };
    case 'DecisionProposed':
      return { ...before, stage: proposed(before.stage, event.proposal) };
    case 'DecisionReturned':
      return { ...before, stage: proposed(before.stage, undefined) };
    case 'DecisionMade':
      return { ...before, decisions: [...before.decisions, event.decision], stage: after(event.decision, event.next) };
    case 'DecisionTold': {
      const { type: _told, ...how } = event;
      return { ...before, told: [...before.told, how] };
    }
    case 'ReconsiderationAsked': {
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
    case 'ClockSet':
      return { ...before, clocks: { ...before.clocks, [event.clock]: event.to } };
    case 'ClockExtended':
      return { ...before, extended: [...before.extended, event.clock] };
    case 'ClockEnded': {
      const { [event.clock]: _ended, ...clocks } = before.clocks;
      return { ...before, clocks };
    }
    case 'ClockDueSoon':
      return withClock(before, event.clock, (clock) => ({ ...clock, soonAt: undefined }));
    case 'ClockOverdue':
      return withClock(before, event.clock, (clock) => ({
        ...clock,
        ...{ escalations: clock.escalations.slice(1), told: event.nth, toldTo: event.ownerRole },
      }));
    case 'ClockDue':
    case 'ProcessRead':
    case 'NoRemovalAsked':
      return before;
  }
}

/** The time to recover belongs to the person and not to one procedure: another that begins does not end it. */
function recoveryAfter(before: FormalProcess | undefined): Pick<FormalProcess, 'recovery' | 'clocks'> {
  if (before?.recovery?.state !== 'running') return { recovery: undefined, clocks: {} };
  const clocks = Object.entries(before.clocks).filter(([clock]) => clock === RECOVERY);
  return { recovery: before.recovery, clocks: Object.fromEntries(clocks) };
}

const restingOn = ({ ground, waitsFor }: Resting): Resting => ({ ground, waitsFor });

function inHandAs<Name extends InHand['at']>(stage: Stage, at: Name) {
  if (!isInHand(stage)) throw new Error(`nothing is in hand in ${stage.at}`);
  const { step, proposal, reconsiders } = stage;
  return { at, step, proposal, reconsiders };
}

function proposed(stage: Stage, proposal: InHand['proposal']): Stage {
  if (stage.at === 'decided') return { ...stage, proposal };
  if (!isInHand(stage)) throw new Error(`nothing is in hand in ${stage.at}`);
  return { ...stage, proposal };
}

function after(decision: StatusDecision, next: string | undefined): Stage {
  if (decision.outcome === 'disqualified') return { at: 'disqualified', decision };
  if (next === undefined) return { at: 'decided', decision, proposal: undefined };
  return { at: 'pending', step: next, proposal: undefined, reconsiders: undefined };
}

function withClock(procedure: FormalProcess, code: string, change: (clock: Running) => Running): FormalProcess {
  const clock = procedure.clocks[code];
  if (clock?.state !== 'running') return procedure;
  return { ...procedure, clocks: { ...procedure.clocks, [code]: change(clock) } };
}
