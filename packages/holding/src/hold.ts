import type { Instant } from '@opennrm/runtime/decision';

/** The id of a hold is the id of its offer. The side that asks for units makes it. */
export type HoldId = string & { readonly __hold: unique symbol };

/** What a hold is for, as far as this package reads it. A provider adds what its own rules read. */
export interface Terms {
  /** How many units are needed: one for each place. */
  readonly places: number;
  /** Each id names a pair of people who must be kept apart. */
  readonly apartIds: readonly string[];
}

/** The units that a provider gives to a hold. A provider adds what it must know about them, under names that holds and events do not use. */
export interface Allocation {
  readonly unitIds: readonly string[];
}

/** What every hold has, whatever its status. */
export type Kept<T extends Terms, A extends Allocation> = A & {
  readonly holdId: HoldId;
  readonly terms: T;
};

/** Kept for an offer, until an instant. */
export type Held<T extends Terms, A extends Allocation> = Kept<T, A> & {
  readonly status: 'held';
  readonly until: Instant;
};

/** Kept without a deadline: the offer was accepted, and the service has not started. */
export type Confirmed<T extends Terms, A extends Allocation> = Kept<T, A> & {
  readonly status: 'confirmed';
};

/**
 * A hold of any provider. Every status other than `held` and `confirmed` is the provider's own, and means that the service has started. No
 * decision of this package changes the units of a service that has started.
 */
export type Hold<T extends Terms = Terms, A extends Allocation = Allocation> = Kept<T, A> & {
  readonly status: string;
};

export const isHeld = <T extends Terms, A extends Allocation>(
  hold: Hold<T, A>,
): hold is Held<T, A> => hold.status === 'held';

export const hasStarted = (hold: Hold): boolean =>
  hold.status !== 'held' && hold.status !== 'confirmed';

export const holdOf = <H extends Hold>(holds: readonly H[], holdId: string): H | undefined =>
  holds.find((hold) => hold.holdId === holdId);
