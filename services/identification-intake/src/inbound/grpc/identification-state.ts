import {
  type IdentificationDecision,
  Outcome,
} from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import type { GetIdentificationResponse } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import type {
  DecisionNotification,
  IdentificationDeadline,
  IdentificationState,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification_state.ts';
import type { Instant } from '@opennrm/runtime/decision';
import {
  type FormalProcess,
  hasOpenStep,
  type Notification,
  proposalOf,
  type StatusDecision,
} from '../../domain/formal-process/procedure.ts';
import {
  isOverdue,
  type StatutoryDeadline,
} from '../../domain/formal-process/statutory-deadline.ts';

/** The state of a procedure, for those who may know it. */
export const stateView = (procedure: FormalProcess, at: Instant): IdentificationState => ({
  processId: procedure.processId,
  stage: procedure.stage.at,
  ruleVersion: procedure.ruleVersion,
  step: hasOpenStep(procedure.stage) ? procedure.stage.step : '',
  deadlines: Object.entries(procedure.deadlines).map(([code, deadline]) =>
    deadlineView(code, deadline, at),
  ),
});

function deadlineView(
  code: string,
  deadline: StatutoryDeadline,
  at: Instant,
): IdentificationDeadline {
  if (deadline.state === 'paused')
    return {
      code,
      state: 'paused',
      due: undefined,
      remaining: `${deadline.remaining.count} ${deadline.remaining.unit}`,
    };
  return {
    code,
    state: isOverdue(deadline, at) ? 'overdue' : 'running',
    due: new Date(deadline.end.due),
    remaining: '',
  };
}

/** The proposal is shown only to the authority, the marker only to the referrer. */
export function shown(
  procedure: FormalProcess,
  organisation: string,
  at: Instant,
): GetIdentificationResponse {
  const { decisions, notifications, recovery, submission, authority, referredBy, markerId } =
    procedure;
  const proposal = organisation === authority ? proposalOf(procedure) : undefined;
  return {
    state: stateView(procedure, at),
    recovery: recovery?.state ?? '',
    decisions: decisions.map((one) =>
      decisionOf(one, notificationOf(notifications, one.decisionId)),
    ),
    proposal:
      proposal && decisionOf({ ...proposal, confirmedBy: undefined, due: undefined }, undefined),
    basis: submission?.basis ?? '',
    informedOfPowers: [...(submission?.informedOfPowers ?? [])],
    markerId: organisation === referredBy ? markerId : '',
  };
}

const OUTCOMES = {
  positive: Outcome.POSITIVE,
  negative: Outcome.NEGATIVE,
  disqualified: Outcome.DISQUALIFIED,
} as const;

const decisionOf = (
  decision: StatusDecision,
  notifications: DecisionNotification | undefined,
): IdentificationDecision => ({
  decisionId: decision.decisionId,
  step: decision.step,
  outcome: OUTCOMES[decision.outcome],
  madeBy: decision.madeBy,
  confirmedBy: decision.confirmedBy ?? '',
  reasons: [...decision.reasons],
  evidence: [...decision.evidence],
  ruleVersion: decision.ruleVersion,
  at: new Date(decision.at),
  reconsidered: decision.reconsidered,
  noteId: decision.noteId ?? '',
  notification: notifications,
  due: decision.due === undefined ? undefined : new Date(decision.due),
});

function notificationOf(
  all: readonly Notification[],
  decisionId: string,
): DecisionNotification | undefined {
  const found = all.find((one) => one.decisionId === decisionId);
  if (!found) return undefined;
  const { form, language, interpreterId = '', notifiedAt, by } = found;
  return { form, language, interpreterId, notifiedAt: new Date(notifiedAt), by };
}
