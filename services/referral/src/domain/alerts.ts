import { after } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import type { Step } from './in-turn.ts';
import type { OfferId } from './need.ts';

/** What a person is told to act on; the pack says who and by when. */
export type AlertCode =
  | 'nobody-answered'
  | 'unplaced'
  | 'duty-not-acknowledged'
  | 'confirmation-keeps-failing'
  | 'person-not-asked'
  | 'journey-not-arranged'
  | 'not-collected'
  | 'did-not-arrive'
  | 'place-lost'
  | 'telephone-answer-unconfirmed'
  | 'telephone-answer-denied'
  | 'reference-not-registered'
  | 'permission-withdrawn'
  | 'basis-missing'
  | 'member-left'
  | 'silent-service'
  | 'apart-overlap'
  | 'arrived-unexpectedly'
  | 'service-suspended'
  | 'place-unsafe'
  | 'age-changed';

/** Raises an alert, unless the same one about the same offer is already open. */
export const raise =
  (code: AlertCode, offerId?: OfferId): Step =>
  (referral, { now, pack, mint }): ReferralEvent[] => {
    if (referral.alerts.some((alert) => alert.code === code && alert.offerId === offerId)) return [];
    const rule = pack.alerts.find((alert) => alert.code === code) ?? pack.otherAlerts;
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
