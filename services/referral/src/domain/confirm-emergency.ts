import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { resolveAlerts } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { isOver, isUnconfirmedEmergency, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { emit, type Knowledge, runSteps } from './steps.ts';

export type ConfirmationRefusal = 'already-over' | 'not-waiting-for-desk';

/**
 * The coordination desk confirms an emergency above the quota: the search continues with holds, and an acceptance on standby is
 * confirmed.
 */
export function confirmEmergency(
  referral: Referral,
  knowledge: Knowledge,
): Decision<ReferralEvent, ConfirmationRefusal> {
  if (isOver(referral)) return refuse('already-over');
  if (!isUnconfirmedEmergency(referral)) return refuse('not-waiting-for-desk');
  const confirmed = emit({ type: 'EmergencyConfirmed' });
  return accept(
    ...runSteps(
      referral,
      knowledge,
      confirmed,
      resolveAlerts('emergency-unconfirmed'),
      reviewAfterChange,
    ),
  );
}
