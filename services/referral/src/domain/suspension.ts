import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { lose } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { isPending } from './offer.ts';
import { isOver, type Referral } from './referral.ts';
import { search } from './search.ts';

/**
 * A service lost its accreditation: it is told nothing more, what it was asked is taken back, and the next one is asked. A place that is
 * promised or lived in stands, and a person looks at it at once (`domain.md` §3: a false shelter is the classic loss).
 */
export function serviceSuspended(referral: Referral, serviceId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  if (isOver(referral)) return ignore('already-over');
  const asked = referral.offers.filter((offer) => offer.serviceId === serviceId);
  const withdrawn = asked
    .filter(isPending)
    .map((offer): ReferralEvent => ({ type: 'OfferWithdrawn', offerId: offer.offerId, at: knowledge.now }));
  const events = inTurn(referral, knowledge, say(...withdrawn), leavePlace(serviceId), search);
  return events.length > 0 ? accept(...events) : ignore('not-asked');
}

const leavePlace =
  (serviceId: string): Step =>
  (referral, knowledge) => {
    const { stage } = referral;
    const current = 'offerId' in stage ? referral.offers.find((offer) => offer.offerId === stage.offerId) : undefined;
    if (current?.serviceId !== serviceId) return [];
    return stage.name === 'confirming'
      ? lose(current.offerId, 'service-suspended')(referral, knowledge)
      : raise('service-suspended', current.offerId)(referral, knowledge);
  };
