/** A place on a stream: the last number seen, and its epoch. */
export interface Cursor {
  readonly epoch: number;
  readonly last: number;
}

/** The cursor of a stream that was never seen. */
export const BEGINNING: Cursor = { epoch: 0, last: 0 };

/** Whether `one` comes after `other` on the same stream. */
export const isAfter = (one: Cursor, other: Cursor): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.last > other.last);

export type MessageClass = 'apply' | 'repeat' | 'gap';

interface Numbered {
  readonly epoch: number;
  readonly sequence: number;
  /** The last place before the first number of the message's epoch. */
  readonly epochAfter: Cursor;
}

/**
 * Classifies a message of a stream (design rule 10). The next number is applied, a number seen before is a repeat, and a number further
 * ahead is a gap. A higher epoch comes from a restored producer that gives numbers out a second time: these are not repeats. The first
 * number of the new epoch is the next one for a reader that has reached the place where the epoch began, or that has read numbers after
 * it which the producer has lost.
 */
export function classifyMessage(
  cursor: Cursor,
  { epoch, sequence, epochAfter }: Numbered,
): MessageClass {
  if (epoch < cursor.epoch) return 'repeat';
  if (epoch === cursor.epoch) {
    if (sequence > cursor.last + 1) return 'gap';
    return sequence === cursor.last + 1 ? 'apply' : 'repeat';
  }
  const hasReachedEpoch = cursor.epoch >= epochAfter.epoch && cursor.last >= epochAfter.last;
  return hasReachedEpoch && sequence === epochAfter.last + 1 ? 'apply' : 'gap';
}
