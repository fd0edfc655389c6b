import type { Allocation, Hold, HoldId, Terms } from './hold.ts';

/** The units for some terms, or the cause why there are none. */
export type Answer<A extends Allocation, Cause extends string> = A | { readonly cause: Cause };

/** What a provider decides about its own units. */
export interface ProviderRules<
  T extends Terms,
  A extends Allocation,
  Cause extends string,
  H extends Hold<T, A>,
> {
  /**
   * Units for these terms that none of these holds has, or the cause why there are none. `holds` are all live holds except the one that
   * would be replaced. A provider checks here also who must be kept apart, with `sharesApartId`. Every cause is to take the same path and
   * the same time, so that the answer does not reveal it.
   */
  readonly allocate: (terms: T, holds: readonly H[]) => Answer<A, Cause>;
  /** Whether the units of a live hold are right for these terms too: the need may have been amended since. */
  readonly suffices: (hold: H, terms: T) => boolean;
}

export const isRefusal = <Cause extends string>(
  answer: Answer<Allocation, Cause>,
): answer is { readonly cause: Cause } => 'cause' in answer;

/**
 * The answer of a provider, checked: one unit for each place, and no unit twice. A provider that gives other units has a fault in its
 * program. It must not be stored, so this throws.
 */
export function allocated<
  T extends Terms,
  A extends Allocation,
  Cause extends string,
  H extends Hold<T, A>,
>(
  { allocate }: Pick<ProviderRules<T, A, Cause, H>, 'allocate'>,
  terms: T,
  holds: readonly H[],
): Answer<A, Cause> {
  const answer = allocate(terms, holds);
  if (isRefusal(answer)) return answer;
  if (answer.unitIds.length !== terms.places)
    throw new Error('an allocation has one unit for each place');
  assertFree(answer.unitIds, holds);
  return answer;
}

/** Throws where a unit is given twice, or belongs to one of these holds. */
export function assertFree(unitIds: readonly string[], holds: readonly Hold[]): void {
  const kept = new Set(holds.flatMap((hold) => hold.unitIds));
  if (new Set(unitIds).size < unitIds.length || unitIds.some((one) => kept.has(one)))
    throw new Error('an allocation has a unit that is not free');
}

interface OwnFields {
  readonly type?: string;
  readonly status?: string;
  readonly holdId: HoldId;
  readonly terms: Terms;
  readonly until?: unknown;
}

/** The allocation in a hold or in an event: all that is not a field of this package. */
export function allocationOf<A extends Allocation>(keeps: A & OwnFields): A {
  const { type, status, holdId, terms, until, ...allocation } = keeps;
  // TypeScript cannot know that the fields of A are not among those removed.
  return allocation as Allocation as A;
}
