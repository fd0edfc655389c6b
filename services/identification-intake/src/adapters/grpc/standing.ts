import { type IdentificationDecision, Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import type { GetIdentificationResponse } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import type {
  DecisionTold,
  IdentificationClock,
  IdentificationStanding,
} from '@opennrm/contracts/opennrm/identification_intake/v1/standing.ts';
import type { Instant } from '@opennrm/runtime/decision';
import {
  type FormalProcess,
  isInHand,
  proposalOf,
  type StatusDecision,
  type Told,
} from '../../domain/formal-process/procedure.ts';
import { isOverdue, type StatutoryClock } from '../../domain/formal-process/statutory-clock.ts';

/** Where a procedure stands, as those who may know it see it. */
export const standingOf = (procedure: FormalProcess, at: Instant): IdentificationStanding => ({
  ...{ processId: procedure.processId, stage: procedure.stage.at, ruleVersion: procedure.ruleVersion },
  step: isInHand(procedure.stage) ? procedure.stage.step : '',
  clocks: Object.entries(procedure.clocks).map(([code, clock]) => clockOf(code, clock, at)),
});

function clockOf(code: string, clock: StatutoryClock, at: Instant): IdentificationClock {
  if (clock.state === 'paused')
    return { code, state: 'paused', due: undefined, left: `${clock.left.count} ${clock.left.unit}` };
  return { code, state: isOverdue(clock, at) ? 'overdue' : 'running', due: new Date(clock.end.due), left: '' };
}

/** All of it: what is proposed for the authority's people alone, the marker for those who gave it to her. */
export function shown(procedure: FormalProcess, organisation: string, at: Instant): GetIdentificationResponse {
  const { decisions, told, recovery, submission, authority, referredBy, markerId } = procedure;
  const proposal = organisation === authority ? proposalOf(procedure) : undefined;
  return {
    ...{ standing: standingOf(procedure, at), recovery: recovery?.state ?? '' },
    decisions: decisions.map((one) => decisionOf(one, toldOf(told, one.decisionId))),
    proposal: proposal && decisionOf({ ...proposal, confirmedBy: undefined, due: undefined }, undefined),
    ...{ basis: submission?.basis ?? '', toldOfPowers: [...(submission?.toldOfPowers ?? [])] },
    markerId: organisation === referredBy ? markerId : '',
  };
}

const OUTCOMES = {
  positive: Outcome.POSITIVE,
  negative: Outcome.NEGATIVE,
  disqualified: Outcome.DISQUALIFIED,
} as const;

const decisionOf = (decision: StatusDecision, told: DecisionTold | undefined): IdentificationDecision => ({
  ...{ decisionId: decision.decisionId, step: decision.step, outcome: OUTCOMES[decision.outcome] },
  ...{ madeBy: decision.madeBy, confirmedBy: decision.confirmedBy ?? '', reasons: [...decision.reasons] },
  ...{ evidence: [...decision.evidence], ruleVersion: decision.ruleVersion, at: new Date(decision.at) },
  ...{ reconsidered: decision.reconsidered, noteId: decision.noteId ?? '', told },
  due: decision.due === undefined ? undefined : new Date(decision.due),
});

function toldOf(all: readonly Told[], decisionId: string): DecisionTold | undefined {
  const told = all.find((one) => one.decisionId === decisionId);
  if (!told) return undefined;
  const { form, language, interpreterId = '', toldAt, by } = told;
  return { form, language, interpreterId, toldAt: new Date(toldAt), by };
}
