import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { isBeingAsked } from './offer.ts';
import { isUnconfirmedEmergency, type Referral } from './referral.ts';
import { isAskable, search } from './search.ts';
import type { Knowledge } from './steps.ts';

/**
 * How many services are asked now for a referral that looks for a place; undefined for one that does not look, or must not hold anything until the desk
 * confirms it.
 */
export function askedWhileSearching(referral: Referral): number | undefined {
  const { stage, offers } = referral;
  const looks = stage.name === 'searching' || stage.name === 'unplaced';
  return looks && !isUnconfirmedEmergency(referral)
    ? offers.filter(isBeingAsked).length
    : undefined;
}

/**
 * Something may fit now at a service (units became free, it was accredited): a referral that looks for a place searches again if it may ask that service.
 * One that asks fewer services than its urgency lets be asked at once looks too. One for which nothing may be held leaves the unit to others.
 */
export const serviceAvailable =
  (serviceId: string) =>
  (referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> => {
    if (askedWhileSearching(referral) === undefined) return ignore('not-searching');
    const service = knowledge.findService(serviceId);
    if (!service || !isAskable(referral, service, knowledge)) return ignore('not-eligible');
    const events = search(referral, knowledge);
    return events.length > 0 ? accept(...events) : ignore('enough-asked');
  };
