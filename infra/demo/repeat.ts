import { setTimeout as pause } from 'node:timers/promises';

/** Repeats `work` until the signal aborts, with a pause after each run. The end does not wait for a pause. */
export async function repeat(
  milliseconds: number,
  signal: AbortSignal,
  work: () => unknown,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
