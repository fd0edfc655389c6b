import type { Clock } from '@opennrm/runtime';
import { after, type Instant } from '@opennrm/runtime/decision';

/** A business clock that moves only when a test advances it. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
}

export function manualClock(start: Instant): ManualClock {
  let now = start;
  return {
    now: () => now,
    realDelayUntil: (due) => (due <= now ? 0 : Number.POSITIVE_INFINITY),
    advance(milliseconds) {
      now = after(now, milliseconds);
    },
  };
}
