import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, NOTIFY_PERSON, type Notification } from './procedure.ts';
import { hasCode, type ProcessDecision, type Rules } from './rules.ts';

/** Records that the person was notified of a decision, once for each. The deadline ends when the person was notified of all decisions. */
export function notifyPerson(
  { decisions, notifications, deadlines }: FormalProcess,
  how: Notification & { readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { at, ...notification } = how;
  const decision = decisions.find((one) => one.decisionId === notification.decisionId);
  if (!decision) return refuse('unknown-decision', 'decision_id');
  if (notifications.some((one) => one.decisionId === notification.decisionId))
    return refuse('already-notified', 'decision_id');
  if (!hasCode(rules.notificationForms, notification.form))
    return refuse('unknown-notification-form', 'form');
  if (notification.notifiedAt > at) return refuse('in-the-future', 'notified_at');
  if (notification.notifiedAt < decision.at) return refuse('before-decision', 'notified_at');
  const knows = new Set([...notifications, notification].map(({ decisionId }) => decisionId));
  const knowsAll = decisions.every(({ decisionId }) => knows.has(decisionId));
  return accept<ProcessEvent>(
    { type: 'PersonNotified', ...notification },
    ...(knowsAll && deadlines[NOTIFY_PERSON]
      ? [{ type: 'DeadlineEnded', deadline: NOTIFY_PERSON } as const]
      : []),
  );
}
