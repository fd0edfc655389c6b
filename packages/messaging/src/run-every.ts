import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@opennrm/runtime';

/** Repeats `work` until stopped, with a pause after each run. A failure is logged and does not end it. */
export function runEvery(
  milliseconds: number,
  work: () => Promise<void>,
  log: Log,
): { stop(): Promise<void> } {
  const ending = new AbortController();
  const ended = (async () => {
    while (!ending.signal.aborted) {
      await work().catch((error: unknown) =>
        log.warn(
          { error: (error as Error).name, code: (error as { code?: string }).code },
          'a recurring task failed, trying again',
        ),
      );
      await pause(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
