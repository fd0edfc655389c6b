import type { LoadResult, Pace } from './job.ts';

/** Up to this many unconfirmed sagas in a hundred count as single lost sagas, which the report states. */
const LOST_OF_HUNDRED = 1;

/**
 * Whether the machine carries a load.
 *
 * An open load is carried when the sagas on their way do not grow: in the last quarter of the load they are, on average, at most one
 * second of requests more than in the second quarter. And at most one saga in a hundred is not confirmed within a minute after the load.
 *
 * In a flood the number of sagas on their way is fixed. Its window shows a rate when at least as many sagas were confirmed in it.
 */
export function isCarried(
  pace: Pace,
  {
    onTheirWay,
    begun,
    unfinished,
    confirmedInWindow,
  }: Pick<LoadResult, 'onTheirWay' | 'begun' | 'unfinished' | 'confirmedInWindow'>,
): boolean {
  switch (pace.kind) {
    case 'flood':
      return confirmedInWindow >= pace.inFlight;
    case 'open':
      return growthOf(onTheirWay) <= pace.perSecond && unfinished * 100 <= begun * LOST_OF_HUNDRED;
  }
}

/** The average of the last quarter minus the average of the second quarter. */
function growthOf(onTheirWay: readonly number[]): number {
  const quarter = Math.floor(onTheirWay.length / 4);
  if (quarter === 0) return 0;
  return average(onTheirWay.slice(-quarter)) - average(onTheirWay.slice(quarter, 2 * quarter));
}

const average = (list: readonly number[]): number =>
  list.reduce((sum, one) => sum + one, 0) / list.length;

/** The rate of a load as text. That of a load that is not carried is the rate of its whole run, and says so. */
export const rateText = ({
  carried,
  perSecond,
}: {
  readonly carried: boolean;
  readonly perSecond: number;
}): string => (carried ? String(perSecond) : `not carried: ${perSecond}`);
