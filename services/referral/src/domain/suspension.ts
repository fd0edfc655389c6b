import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { isOver, placeOf, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { type Knowledge, runSteps } from './steps.ts';

/**
 * A service is no longer accredited: its offers are withdrawn and the next service is asked. A person with a confirmed place there, or
 * who stays there, keeps it until a coordinator has checked (`domain.md` §3: a false shelter is a known danger).
 */
export function serviceSuspended(
  referral: Referral,
  serviceId: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const events = isOver(referral)
    ? alertResidence(referral, serviceId, knowledge)
    : runSteps(referral, knowledge, reviewAfterChange);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}

function alertResidence(
  referral: Referral,
  serviceId: string,
  knowledge: Knowledge,
): readonly ReferralEvent[] {
  const place = placeOf(referral);
  const isResident = place?.serviceId === serviceId && place.hasHold;
  return isResident ? raiseAlert('service-suspended', place.offerId)(referral, knowledge) : [];
}
