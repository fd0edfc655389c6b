import { after } from '@opennrm/runtime/decision';
import type { Step } from './in-turn.ts';
import type { OfferId } from './need.ts';
import { isUnconfirmed } from './referral.ts';

/**
 * Asks the shelter to confirm the bed: the live hold, or a new one, in one transaction there. Above the quota of emergencies the yes stands by, since
 * no bed is taken before the coordination desk confirms.
 */
export const confirm =
  (offerId: OfferId): Step =>
  (referral, { now, pack }) =>
    isUnconfirmed(referral)
      ? [{ type: 'OfferStoodBy', offerId }]
      : [{ type: 'ConfirmationAsked', offerId, until: after(now, pack.clocks.confirmingMs) }];
