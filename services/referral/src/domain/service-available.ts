import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { isBeingAsked } from './offer.ts';
import { isUnconfirmedEmergency, type Referral } from './referral.ts';
import { isAskable, search } from './search.ts';
import type { Knowledge } from './steps.ts';

/**
 * How many services are being asked for a referral that searches. Undefined where the referral does not search, or may hold nothing
 * until the desk confirms.
 */
export function askedWhileSearching(referral: Referral): number | undefined {
  const { stage, offers } = referral;
  const looks = stage.name === 'searching' || stage.name === 'unplaced';
  return looks && !isUnconfirmedEmergency(referral)
    ? offers.filter(isBeingAsked).length
    : undefined;
}

/**
 * A service may have become suitable (units became free, it was accredited): a referral that searches repeats the search if it may ask
 * this service, and asks up to the number that its urgency allows. An emergency for which nothing may be held does not search.
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
