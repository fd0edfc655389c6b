import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { settle } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { factsChanged } from './facts.ts';
import { inTurn, type Knowledge, say } from './in-turn.ts';
import { isOver, isUnconfirmed, type Referral } from './referral.ts';

export type ConfirmationRefusal = 'already-over' | 'not-waiting-for-desk';

/** The coordination desk vouches for an emergency above the quota: the search goes on in full, and a yes that stands by is confirmed. */
export function confirmEmergency(
  referral: Referral,
  knowledge: Knowledge,
): Decision<ReferralEvent, ConfirmationRefusal> {
  if (isOver(referral)) return refuse('already-over');
  if (!isUnconfirmed(referral)) return refuse('not-waiting-for-desk');
  const confirmed = say({ type: 'EmergencyConfirmed' });
  return accept(...inTurn(referral, knowledge, confirmed, settle('emergency-unconfirmed'), factsChanged));
}
