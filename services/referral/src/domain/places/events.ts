import type { HoldEvent } from '@opennrm/holding';
import type { Instant } from '@opennrm/runtime/decision';
import type { OrganisationId, ServiceId } from '../need.ts';
import type { Declared } from './declared.ts';
import type { Awaited, HoldId, PlacesTerms, PlacesUnits } from './hold.ts';

/** Why no unit was given, known only here. The referral receives one code for every cause. */
export type Cause = 'keep-apart' | 'no-free-unit';

export interface PlacesDeclared {
  readonly type: 'PlacesDeclared';
  readonly at: Instant;
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly declared: Declared;
}

/** A time was agreed for the first time, or instead of another. The hold has these units from now on. */
export interface AppointmentAgreed {
  readonly type: 'AppointmentAgreed';
  readonly holdId: HoldId;
  readonly at: Instant;
  readonly unitIds: readonly string[];
}

/** The person did not come, or said that they will not. The place stays confirmed. */
export interface AppointmentMissed {
  readonly type: 'AppointmentMissed';
  readonly holdId: HoldId;
  /** Why, as a code of the country pack. */
  readonly code: string;
}

export interface ServiceBegun {
  readonly type: 'ServiceBegun';
  readonly holdId: HoldId;
  readonly workerId: string | undefined;
  /** Repeated with the units, because the hold may have been released before. */
  readonly terms: PlacesTerms;
  readonly unitIds: readonly string[];
}

export interface WorkerReplaced {
  readonly type: 'WorkerReplaced';
  readonly holdId: HoldId;
  readonly workerId: string;
}

export interface ServiceEnded {
  readonly type: 'ServiceEnded';
  readonly holdId: HoldId;
  /** Why, as a code of the country pack. */
  readonly code: string;
}

/** Everybody agreed, or an appointment was missed: an appointment is to be agreed, or a worker named, by then. */
export interface DeliveryAwaited {
  readonly type: 'DeliveryAwaited';
  readonly holdId: HoldId;
  readonly awaited: Awaited;
}

/** A time of the appointment book has begun: its places are no longer free. */
export interface TimePassed {
  readonly type: 'TimePassed';
  readonly at: Instant;
}

export type PlacesEvent =
  | HoldEvent<PlacesTerms, PlacesUnits, Cause>
  | PlacesDeclared
  | AppointmentAgreed
  | AppointmentMissed
  | ServiceBegun
  | WorkerReplaced
  | ServiceEnded
  | DeliveryAwaited
  | TimePassed;
