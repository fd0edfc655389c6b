/** The last number seen of a stream; a stream never seen stands at epoch 0, number 0. */
export interface Cursor {
  readonly epoch: number;
  readonly last: number;
}

export type Verdict = 'apply' | 'repeat' | 'gap';

/**
 * What to do with a message of a stream (design rule 10): the next number is applied, a number seen before is a repeat, and a
 * number further on means that something is missing. A higher epoch comes from a producer that was restored and gives numbers out a
 * second time: they are not repeats.
 */
export function verdictOn(cursor: Cursor, message: { readonly epoch: number; readonly sequence: number }): Verdict {
  if (message.epoch < cursor.epoch) return 'repeat';
  if (message.sequence > cursor.last + 1) return 'gap';
  if (message.epoch > cursor.epoch) return 'apply';
  return message.sequence === cursor.last + 1 ? 'apply' : 'repeat';
}
