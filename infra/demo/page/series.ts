import type { Sample } from './samples.ts';
import { type StateGroup, stateGroups } from './state-groups.ts';

/** The numbers of one chart: for each instant, the count of each state group in the order of `stateGroups`. */
export interface Series {
  readonly instants: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** The time that a chart covers, and the time between two of its points. Business milliseconds. */
export interface Period {
  readonly begin: number;
  readonly end: number;
  readonly step: number;
}

/** The counts of one urgency at each step: of the last sample until then, and zero before the first one. */
export function seriesOf(samples: readonly Sample[], urgency: number, period: Period): Series {
  const taken = [...new Set(samples.map(({ at }) => at))].sort((a, b) => a - b);
  const own = samples.filter((one) => one.urgency === urgency);
  const instants = instantsOf(period);
  const counts = instants.map((instant) => {
    const at = taken.findLast((one) => one <= instant);
    const rows = own.filter((one) => one.at === at);
    return stateGroups.map((group) => countOf(rows, group));
  });
  return { instants, counts };
}

function instantsOf({ begin, end, step }: Period): number[] {
  const instants: number[] = [];
  for (let instant = begin; instant < end; instant += step) instants.push(instant);
  return [...instants, end];
}

const countOf = (rows: readonly Sample[], { stages }: StateGroup): number =>
  rows.filter(({ stage }) => stages.includes(stage)).reduce((sum, { count }) => sum + count, 0);

export const totalOf = (counts: readonly number[]): number =>
  counts.reduce((sum, one) => sum + one, 0);
