/** A place on a stream: the last number seen, and its epoch. */
export interface Cursor {
  readonly epoch: number;
  readonly last: number;
}

/** Where a stream stands that was never seen. */
export const BEGINNING: Cursor = { epoch: 0, last: 0 };

export type MessageClass = 'apply' | 'repeat' | 'gap';

interface Numbered {
  readonly epoch: number;
  readonly sequence: number;
  /** The place that came right before the first number of the message's epoch. */
  readonly epochAfter: Cursor;
}

/**
 * What to do with a message of a stream (design rule 10): the next number is applied, a number seen before is a repeat, and a number further on means
 * that something is missing. A higher epoch comes from a producer that was restored and gives numbers out a second time: they are not repeats. Its
 * first number is the next one for a reader that has come to the place where the epoch began, or further on numbers that the producer has lost.
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
