import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, NOTIFY_PERSON, type Notification } from './procedure.ts';
import { hasCode, type ProcessDecision, type Rules } from './rules.ts';

/**
 * The person is notified of a decision, once for each. When none is left, the deadline ends.
 */
export function notifyPerson(
  { decisions, notifications, deadlines }: FormalProcess,
  how: Notification & { readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { at, ...said } = how;
  const decision = decisions.find((one) => one.decisionId === said.decisionId);
  if (!decision) return refuse('unknown-decision', 'decision_id');
  if (notifications.some((one) => one.decisionId === said.decisionId))
    return refuse('already-notified', 'decision_id');
  if (!hasCode(rules.notificationForms, said.form))
    return refuse('unknown-notification-form', 'form');
  if (said.notifiedAt > at) return refuse('in-the-future', 'notified_at');
  if (said.notifiedAt < decision.at) return refuse('before-decision', 'notified_at');
  const knows = new Set([...notifications, said].map(({ decisionId }) => decisionId));
  const toldAll = decisions.every(({ decisionId }) => knows.has(decisionId));
  return accept<ProcessEvent>(
    { type: 'PersonNotified', ...said },
    ...(toldAll && deadlines[NOTIFY_PERSON]
      ? [{ type: 'DeadlineEnded', deadline: NOTIFY_PERSON } as const]
      : []),
  );
}
