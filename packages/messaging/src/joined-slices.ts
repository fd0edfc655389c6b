import type { Received } from './kafka/port.ts';

/** One slice of one partition. */
export interface Slice {
  readonly messages: readonly Received[];
  readonly heartbeat: () => Promise<void>;
}

interface Waiting {
  readonly slice: Slice;
  readonly applied: PromiseWithResolvers<boolean>;
}

/**
 * Applies the slices of one topic, one transaction at a time. The slices of other partitions that arrive in the meantime are applied together
 * in the next transaction: the busier the service, the fewer transactions.
 * @param apply applies messages of several partitions together. False: nothing of them was applied.
 * @param most the most messages in one transaction, unless one slice alone has more
 */
export function joinSlices(
  apply: (slices: readonly Slice[]) => Promise<boolean>,
  most: number,
): (slice: Slice) => Promise<boolean> {
  const waiting: Waiting[] = [];
  let isApplying = false;
  const applyWaiting = async (): Promise<void> => {
    isApplying = true;
    while (waiting.length > 0) {
      const joined = takeFitting(waiting, most);
      const slices = joined.map(({ slice }) => slice);
      const isApplied = await apply(slices);
      for (const { applied } of joined) applied.resolve(isApplied);
    }
    isApplying = false;
  };
  return (slice) => {
    const applied = Promise.withResolvers<boolean>();
    waiting.push({ slice, applied });
    if (!isApplying) void applyWaiting();
    return applied.promise;
  };
}

function takeFitting(waiting: Waiting[], most: number): Waiting[] {
  let count = 0;
  const firstTooMany = waiting.findIndex(({ slice }, nth) => {
    count += slice.messages.length;
    return nth > 0 && count > most;
  });
  return waiting.splice(0, firstTooMany === -1 ? waiting.length : firstTooMany);
}
