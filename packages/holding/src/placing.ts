import { accept, type Decision, type Instant } from '@opennrm/runtime/decision';
import { allocated, allocationOf, isRefusal, type ProviderRules } from './allocation.ts';
import { sharesApartId } from './apart.ts';
import {
  type HoldRefused,
  ignored,
  type UnitsConfirmed,
  type UnitsHeld,
  type UnitsUnavailable,
} from './events.ts';
import { type Allocation, type Hold, type HoldId, holdOf, isHeld, type Terms } from './hold.ts';

export interface HoldRequest<T extends Terms> {
  readonly holdId: HoldId;
  readonly terms: T;
  /** The provider's own expiry. It is later than the deadline of the side that asks, which normally releases the hold. */
  readonly until: Instant;
}

/** Keeps units for an offer that will be made. A repeat changes nothing. */
export function requestHold<
  T extends Terms,
  A extends Allocation,
  Cause extends string,
  H extends Hold<T, A>,
>(
  holds: readonly H[],
  { holdId, terms, until }: HoldRequest<T>,
  rules: ProviderRules<T, A, Cause, H>,
): Decision<UnitsHeld<T, A> | HoldRefused<Cause>> {
  if (holdOf(holds, holdId)) return ignored('already-held');
  const answer = allocated(rules, terms, holds);
  if (isRefusal(answer)) return accept({ type: 'HoldRefused', holdId, cause: answer.cause });
  return accept({ ...answer, type: 'UnitsHeld', holdId, terms, until });
}

export interface ConfirmRequest<T extends Terms> {
  readonly holdId: HoldId;
  /** Repeated, because the hold may have ended, and the need may have been amended. */
  readonly terms: T;
}

/**
 * Confirms the units of the live hold. If it has ended, its units no longer suffice, or a pair was recorded since that another confirmed
 * hold has, other units are asked for and confirmed in the same step.
 */
export function confirmHold<
  T extends Terms,
  A extends Allocation,
  Cause extends string,
  H extends Hold<T, A>,
>(
  holds: readonly H[],
  { holdId, terms }: ConfirmRequest<T>,
  rules: ProviderRules<T, A, Cause, H>,
): Decision<UnitsConfirmed<T, A> | UnitsUnavailable<Cause>> {
  const live = holdOf(holds, holdId);
  if (live && !isHeld(live)) return ignored('already-confirmed');
  // What is not confirmed yet is not confirmed beside a person from whom this one must be kept apart.
  const settled = holds.filter((hold) => hold !== live && !isHeld(hold));
  const isApart = !sharesApartId(settled, terms.apartIds.concat(live?.terms.apartIds ?? []));
  if (live && isApart && rules.suffices(live, terms)) {
    // What changed after the request remains: a smaller party, a pair to be kept apart.
    const { places, apartIds } = live.terms;
    return accept({
      ...allocationOf<A>(live),
      type: 'UnitsConfirmed',
      holdId,
      terms: { ...terms, places, apartIds },
    });
  }
  const others = holds.filter((hold) => hold !== live);
  const answer = allocated(rules, terms, others);
  if (isRefusal(answer)) return accept({ type: 'UnitsUnavailable', holdId, cause: answer.cause });
  return accept({ ...answer, type: 'UnitsConfirmed', holdId, terms });
}
