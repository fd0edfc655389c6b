import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { factsChanged } from './facts.ts';
import { inTurn, type Knowledge } from './in-turn.ts';
import { isOver, placeOf, type Referral } from './referral.ts';

/**
 * A service is not accredited any more: what it was asked is taken back, and the next one is asked. Who is promised a
 * place there, or lives there, stays until a person has looked (`domain.md` §3: a false shelter is the classic loss).
 */
export function serviceSuspended(referral: Referral, serviceId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  const events = isOver(referral)
    ? tellWhereLivedIn(referral, serviceId, knowledge)
    : inTurn(referral, knowledge, factsChanged);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}

function tellWhereLivedIn(referral: Referral, serviceId: string, knowledge: Knowledge): readonly ReferralEvent[] {
  const place = placeOf(referral);
  const livesThere = place?.serviceId === serviceId && place.holds;
  return livesThere ? raise('service-suspended', place.offerId)(referral, knowledge) : [];
}
