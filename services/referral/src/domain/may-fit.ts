import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import { type Referral, waitsForDesk } from './referral.ts';
import { couldBeAsked, search } from './search.ts';

/**
 * Something may fit now at a service (units became free, it was accredited): a referral that waits searches again if it may ask that service. One for which
 * nothing may be held leaves the unit to others.
 */
export const mayFit =
  (serviceId: string) =>
  (referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> => {
    if (referral.stage.name !== 'unplaced' || waitsForDesk(referral)) return ignore('not-waiting');
    const service = knowledge.serviceNamed(serviceId);
    if (!service || !couldBeAsked(referral, service, knowledge)) return ignore('does-not-fit');
    const events = search(referral, knowledge);
    return events.length > 0 ? accept(...events) : ignore('enough-asked');
  };
