import type { OpenAlert } from './alert.ts';
import type { ReferralEvent } from './events.ts';

type AlertEvent = Extract<
  ReferralEvent,
  { type: 'AlertRaised' | 'AlertOverdue' | 'AlertAcknowledged' | 'AlertResolved' }
>;

/** The open alerts after an event. */
export function evolveAlerts(
  alerts: readonly OpenAlert[],
  event: AlertEvent,
): readonly OpenAlert[] {
  const changed = (change: Partial<OpenAlert>): OpenAlert[] =>
    alerts.map((alert) => (alert.alertId === event.alertId ? { ...alert, ...change } : alert));
  switch (event.type) {
    case 'AlertRaised': {
      const { alertId, code, offerId, ownerRole, actBy } = event;
      return [
        ...alerts,
        { alertId, code, offerId, ownerRole, actBy, level: 1, acknowledged: false },
      ];
    }
    case 'AlertOverdue':
      return changed({ level: event.level, actBy: event.actBy });
    case 'AlertAcknowledged':
      return changed({ acknowledged: true });
    case 'AlertResolved':
      return alerts.filter((alert) => alert.alertId !== event.alertId);
  }
}
