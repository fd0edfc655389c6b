import type { Instant } from '@opennrm/runtime/decision';
import type { MemberId, OfferId } from './need.ts';

/** Where a referral is. Each stage that waits has the time at which the wait ends and an alert is raised. */
export type Stage =
  | { readonly name: 'waiting-for-basis'; readonly until: Instant; readonly searchBegun: boolean }
  | { readonly name: 'searching' }
  | { readonly name: 'confirming'; readonly offerId: OfferId; readonly until: Instant }
  | {
      readonly name: 'awaiting-person';
      readonly offerId: OfferId;
      readonly until: Instant;
      readonly agreedMembers: readonly MemberId[];
    }
  | {
      readonly name: 'agreed';
      readonly offerId: OfferId;
      readonly until: Instant;
      /** When the organisation of the service is reminded that nobody has taken up the work. */
      readonly remindAt: Instant | undefined;
      /** How many appointments with this service were missed. */
      readonly missed: number;
    }
  | {
      readonly name: 'appointment';
      readonly offerId: OfferId;
      readonly at: Instant;
      readonly until: Instant;
      readonly missed: number;
    }
  | ({
      readonly name: 'journey';
      readonly step: 'arranged' | 'collected';
      readonly offerId: OfferId;
      readonly until: Instant;
    } & Journey)
  | {
      readonly name: 'journey-failed';
      readonly offerId: OfferId;
      readonly until: Instant;
      readonly isHeld: boolean;
    }
  | {
      readonly name: 'unplaced';
      readonly until: Instant;
      readonly placeOfLastResort: string | undefined;
      readonly isRechecked: boolean;
    }
  | { readonly name: 'started'; readonly offerId: OfferId }
  | { readonly name: 'withdrawn' | 'refused' | 'ended'; readonly code: string };

export interface Journey {
  readonly escortId: string;
  readonly collectAt: Instant;
  readonly arriveAt: Instant;
}
