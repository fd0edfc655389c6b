import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import type { AlertCode, OpenAlert } from './alert.ts';
import type { ReferralEvent } from './events.ts';
import type { OfferId } from './need.ts';
import type { Referral } from './referral.ts';
import type { Step } from './steps.ts';

export type AlertRefusal = 'desk-not-held' | 'already-acknowledged' | 'already-resolved';

/** Raises an alert, unless the same one about the same offer is still open. */
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

/** Ends an alert without its owner, because what it asked for has happened. */
export const resolveAlerts =
  (code: AlertCode): Step =>
  ({ alerts }) =>
    alerts
      .filter((alert) => alert.code === code)
      .map(({ alertId }): ReferralEvent => ({ type: 'AlertResolved', alertId }));

/** Its owner has seen it. It is told again all the same, until it is resolved. */
export const acknowledgeAlert: AlertCommand = (referral, alertId, desk) => {
  const alert = findOwnedAlert(referral, alertId, desk);
  if (typeof alert === 'string') return refuse(alert, 'alert_id');
  if (alert.acknowledged) return refuse('already-acknowledged', 'alert_id');
  return accept<ReferralEvent>({ type: 'AlertAcknowledged', alertId });
};

/** Its owner has done what it asked for: it ends. */
export const resolveAlert: AlertCommand = (referral, alertId, desk) => {
  const alert = findOwnedAlert(referral, alertId, desk);
  if (typeof alert === 'string') return refuse(alert, 'alert_id');
  return accept<ReferralEvent>({ type: 'AlertResolved', alertId });
};

/** @param desk of whoever acts; undefined where the country gives them none. */
export type AlertCommand = (
  referral: Referral,
  alertId: string,
  desk: string | undefined,
) => Decision<ReferralEvent, AlertRefusal>;

/** The open alert, for those at whose desk it is. */
function findOwnedAlert(
  { alerts }: Referral,
  alertId: string,
  desk: string | undefined,
): OpenAlert | 'already-resolved' | 'desk-not-held' {
  const alert = alerts.find((one) => one.alertId === alertId);
  if (!alert) return 'already-resolved';
  return owns(desk, alert) ? alert : 'desk-not-held';
}

/** A first responder who made the request acts as its caseworker: often there is nobody else in the organisation. */
const owns = (desk: string | undefined, { ownerRole }: OpenAlert): boolean =>
  desk === ownerRole || (desk === 'responder' && ownerRole === 'caseworker');
