import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import type { Referral } from './referral.ts';
import { couldBeAsked, search } from './search.ts';

/** Something may fit now at a service (units became free, it was accredited): a referral that waits searches again if it may ask that service. */
export const mayFit =
  (serviceId: string) =>
  (referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> => {
    if (referral.stage.name !== 'unplaced') return ignore('not-waiting');
    const service = knowledge.serviceNamed(serviceId);
    if (!service || !couldBeAsked(referral, service, knowledge)) return ignore('does-not-fit');
    const events = search(referral, knowledge);
    return events.length > 0 ? accept(...events) : ignore('enough-asked');
  };
