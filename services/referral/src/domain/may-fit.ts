import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import { isLiveAsk } from './offer.ts';
import { isUnconfirmed, type Referral } from './referral.ts';
import { couldBeAsked, search } from './search.ts';

/**
 * How many services are asked now for a referral that looks for a place; undefined for one that does not look, or must not hold anything until the desk
 * confirms it.
 */
export function asksWhileLooking(referral: Referral): number | undefined {
  const { stage, offers } = referral;
  const looks = stage.name === 'searching' || stage.name === 'unplaced';
  return looks && !isUnconfirmed(referral) ? offers.filter(isLiveAsk).length : undefined;
}

/**
 * Something may fit now at a service (units became free, it was accredited): a referral that looks for a place searches again if it may ask that service.
 * One that asks fewer services than its urgency lets be asked at once looks too. One for which nothing may be held leaves the unit to others.
 */
export const mayFit =
  (serviceId: string) =>
  (referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> => {
    if (asksWhileLooking(referral) === undefined) return ignore('not-waiting');
    const service = knowledge.serviceNamed(serviceId);
    if (!service || !couldBeAsked(referral, service, knowledge)) return ignore('does-not-fit');
    const events = search(referral, knowledge);
    return events.length > 0 ? accept(...events) : ignore('enough-asked');
  };
