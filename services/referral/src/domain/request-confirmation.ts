import { after } from '@opennrm/runtime/decision';
import type { OfferId } from './need.ts';
import { isUnconfirmedEmergency } from './referral.ts';
import type { Step } from './steps.ts';

/**
 * Asks the provider to confirm the unit: the live hold or a new one, in one transaction there. Above the quota of emergencies the
 * acceptance is put on standby, because no unit is held before the coordination desk confirms.
 */
export const requestConfirmation =
  (offerId: OfferId): Step =>
  (referral, { now, pack }) =>
    isUnconfirmedEmergency(referral)
      ? [{ type: 'OfferPutOnStandby', offerId }]
      : [
          {
            type: 'ConfirmationRequested',
            offerId,
            until: after(now, pack.deadlines.confirmingMs),
          },
        ];
