import { type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { Allocation, HoldId, Terms } from './hold.ts';

/** Units are kept for an offer, until an instant. */
export type UnitsHeld<T extends Terms, A extends Allocation> = A & {
  readonly type: 'UnitsHeld';
  readonly holdId: HoldId;
  readonly terms: T;
  readonly until: Instant;
};

/** No units for this hold. The cause is the provider's own, and is for its own records. */
export interface HoldRefused<Cause extends string> {
  readonly type: 'HoldRefused';
  readonly holdId: HoldId;
  readonly cause: Cause;
}

/** Why a hold ended before its service started. */
export type ReleaseCode = 'asked' | 'expired' | 'service-suspended' | 'unit-lost';

export interface HoldReleased {
  readonly type: 'HoldReleased';
  readonly holdId: HoldId;
  readonly code: ReleaseCode;
}

/** The hold has fewer units: these. */
export interface HoldResized<A extends Allocation> {
  readonly type: 'HoldResized';
  readonly holdId: HoldId;
  readonly unitIds: A['unitIds'];
}

/** The hold has other units: these. */
export interface HoldMoved<A extends Allocation> {
  readonly type: 'HoldMoved';
  readonly holdId: HoldId;
  readonly unitIds: A['unitIds'];
}

/** The units are confirmed: those of the live hold, or new ones. */
export type UnitsConfirmed<T extends Terms, A extends Allocation> = A & {
  readonly type: 'UnitsConfirmed';
  readonly holdId: HoldId;
  readonly terms: T;
};

/** No units can be confirmed, or a confirmed one was lost. The hold is over. */
export interface UnitsUnavailable<Cause extends string> {
  readonly type: 'UnitsUnavailable';
  readonly holdId: HoldId;
  readonly cause: Cause | 'unit-lost';
}

/** A pair to be kept apart was recorded after the hold was made. */
export interface ApartAdded {
  readonly type: 'ApartAdded';
  readonly holdId: HoldId;
  readonly apartId: string;
}

/** Another live hold has the same pair. Announced for each of the holds; none of them ends. */
export interface ApartOverlapFound {
  readonly type: 'ApartOverlapFound';
  readonly holdId: HoldId;
}

export type HoldEvent<T extends Terms, A extends Allocation, Cause extends string> =
  | UnitsHeld<T, A>
  | HoldRefused<Cause>
  | HoldReleased
  | HoldResized<A>
  | HoldMoved<A>
  | UnitsConfirmed<T, A>
  | UnitsUnavailable<Cause>
  | ApartAdded
  | ApartOverlapFound;

/** Why a message about a hold changes nothing. */
export type IgnoreReason =
  | 'already-held'
  | 'already-confirmed'
  | 'already-started'
  | 'already-kept-apart'
  | 'no-such-hold'
  | 'not-smaller'
  | 'nothing-due'
  | 'unit-not-kept';

export const ignored = (reason: IgnoreReason): Decision<never> => ignore(reason);
