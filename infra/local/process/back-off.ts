const CALM_MS = 30_000;

/** Delays in milliseconds that double with each call; the first again after half a minute without a call. */
export function backOff(limits: { readonly first: number; readonly most: number }): () => number {
  let next = limits.first;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = Date.now();
    const delay = now - last > CALM_MS ? limits.first : next;
    last = now;
    next = Math.min(limits.most, delay * 2);
    return delay;
  };
}
