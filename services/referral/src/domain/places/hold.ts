import type { Allocation, Confirmed, Held, HoldId, Kept, Terms } from '@opennrm/holding';
import type { Instant } from '@opennrm/runtime/decision';

export type { HoldId };

/** What a hold is for. */
export interface PlacesTerms extends Terms {
  readonly serviceId: string;
  readonly unitKind: string;
}

/** What these places need of the terms of a hold: nothing about the person. */
export const placesTerms = ({
  serviceId,
  unitKind,
  places,
  apartIds,
}: PlacesTerms): PlacesTerms => ({
  serviceId,
  unitKind,
  places,
  apartIds,
});

export interface PlacesUnits extends Allocation {}

/** By when the service acts next, after everybody agreed. */
export interface Awaited {
  readonly by: Instant;
  /** Half of the time is over, and the service has not acted. */
  readonly isReminder: boolean;
}

/** The service has begun: the person was there, or a worker has taken up their case. */
export type Started = Kept<PlacesTerms, PlacesUnits> & {
  readonly status: 'started';
  readonly workerId?: string | undefined;
  readonly appointment?: Instant | undefined;
};

/** Units that are kept for an offer, for a confirmed place, or for a service that has begun. An appointment is there once it is agreed. */
export type PlacesHold =
  | Held<PlacesTerms, PlacesUnits>
  | (Confirmed<PlacesTerms, PlacesUnits> & {
      readonly awaited?: Awaited | undefined;
      readonly appointment?: Instant | undefined;
    })
  | Started;
