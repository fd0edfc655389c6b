import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import type { AlertCode, OpenAlert } from './alert.ts';
import type { ReferralEvent } from './events.ts';
import type { OfferId } from './need.ts';
import type { Referral } from './referral.ts';
import type { Step } from './steps.ts';

export type AlertRefusal = 'desk-not-held' | 'already-acknowledged' | 'already-resolved';

/** Raises an alert, unless the same alert about the same offer is still open. */
export const raiseAlert =
  (code: AlertCode, offerId?: OfferId): Step =>
  (referral, { now, pack, mint }): ReferralEvent[] => {
    if (referral.alerts.some((alert) => alert.code === code && alert.offerId === offerId))
      return [];
    const rule = pack.alerts.find((alert) => alert.code === code) ?? pack.defaultAlert;
    return [
      {
        type: 'AlertRaised',
        alertId: mint(),
        code,
        offerId,
        ownerRole: rule.ownerRole,
        actBy: after(now, rule.actWithinMs),
        at: now,
      },
    ];
  };

/** Resolves an alert without its owner, because what it asked for has happened. */
export const resolveAlerts =
  (code: AlertCode, offerId?: OfferId): Step =>
  ({ alerts }) =>
    alerts
      .filter((alert) => alert.code === code && alert.offerId === offerId)
      .map(({ alertId }): ReferralEvent => ({ type: 'AlertResolved', alertId }));

/** The owner has seen the alert. It is still escalated until it is resolved. */
export const acknowledgeAlert: AlertCommand = (referral, alertId, desk) => {
  const alert = findOwnedAlert(referral, alertId, desk);
  if (typeof alert === 'string') return refuse(alert, 'alert_id');
  if (alert.acknowledged) return refuse('already-acknowledged', 'alert_id');
  return accept<ReferralEvent>({ type: 'AlertAcknowledged', alertId });
};

/** The owner has done what the alert asked for: it ends. */
export const resolveAlert: AlertCommand = (referral, alertId, desk) => {
  const alert = findOwnedAlert(referral, alertId, desk);
  if (typeof alert === 'string') return refuse(alert, 'alert_id');
  return accept<ReferralEvent>({ type: 'AlertResolved', alertId });
};

/** @param desk the desk of the actor; undefined where the country gives them none. */
export type AlertCommand = (
  referral: Referral,
  alertId: string,
  desk: string | undefined,
) => Decision<ReferralEvent, AlertRefusal>;

/** The open alert, if the desk owns it. */
function findOwnedAlert(
  { alerts }: Referral,
  alertId: string,
  desk: string | undefined,
): OpenAlert | 'already-resolved' | 'desk-not-held' {
  const alert = alerts.find((one) => one.alertId === alertId);
  if (!alert) return 'already-resolved';
  return owns(desk, alert) ? alert : 'desk-not-held';
}

/** A first responder who made the request acts as its caseworker: often their organisation has no other person. */
const owns = (desk: string | undefined, { ownerRole }: OpenAlert): boolean =>
  desk === ownerRole || (desk === 'responder' && ownerRole === 'caseworker');
