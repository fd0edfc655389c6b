import { after } from '@opennrm/runtime/decision';
import type { Step } from './in-turn.ts';
import type { OfferId } from './need.ts';

/** Asks the shelter to confirm the bed: the live hold, or a new one, in one transaction there. */
export const confirm =
  (offerId: OfferId): Step =>
  (_referral, { now, pack }) => [{ type: 'ConfirmationAsked', offerId, until: after(now, pack.clocks.confirmingMs) }];
