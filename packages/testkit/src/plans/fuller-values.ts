/** The values that a statement was run with. */
export interface Run {
  readonly values: readonly unknown[];
}

/**
 * Returns the run of a statement that measures more. A list without elements requests nothing, and nothing equals null, so the cost of
 * such a run is not the cost in production.
 */
export const fuller = <One extends Run>(known: One, later: One): One =>
  emptyValuesOf(later) < emptyValuesOf(known) ? later : known;

export const isFull = (run: Run): boolean => emptyValuesOf(run) === 0;

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

const emptyValuesOf = ({ values }: Run): number => values.filter(isEmpty).length;
