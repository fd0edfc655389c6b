import {
  type IdentificationClock,
  type IdentificationDecision,
  type IdentificationStanding,
  Outcome,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import type { Instant } from '@opennrm/runtime/decision';
import { type FormalProcess, isInHand, type StatusDecision } from '../../domain/formal-process/procedure.ts';
import type { StatutoryClock } from '../../domain/formal-process/statutory-clock.ts';

/** Where a procedure stands, as those who may know it see it. */
export const standingOf = (procedure: FormalProcess, at: Instant): IdentificationStanding => ({
  ...{ processId: procedure.processId, stage: procedure.stage.at, ruleVersion: procedure.ruleVersion },
  step: isInHand(procedure.stage) ? procedure.stage.step : '',
  clocks: Object.entries(procedure.clocks).map(([code, clock]) => clockOf(code, clock, at)),
});

function clockOf(code: string, clock: StatutoryClock, at: Instant): IdentificationClock {
  if (clock.state === 'paused')
    return { code, state: 'paused', due: undefined, left: `${clock.left.count} ${clock.left.unit}` };
  const { due } = clock.end;
  return { code, state: due <= at ? 'overdue' : 'running', due: new Date(due), left: '' };
}

const OUTCOMES = {
  positive: Outcome.POSITIVE,
  negative: Outcome.NEGATIVE,
  disqualified: Outcome.DISQUALIFIED,
} as const;

export const decisionOf = (decision: StatusDecision): IdentificationDecision => ({
  ...{ decisionId: decision.decisionId, step: decision.step, outcome: OUTCOMES[decision.outcome] },
  ...{ madeBy: decision.madeBy, confirmedBy: decision.confirmedBy ?? '', reasons: [...decision.reasons] },
  ...{ evidence: [...decision.evidence], ruleVersion: decision.ruleVersion, at: new Date(decision.at) },
  reconsidered: decision.reconsidered,
});
