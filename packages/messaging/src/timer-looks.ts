import type { Clock } from '@opennrm/runtime';
import { after, type Instant } from '@opennrm/runtime/decision';

/** When the timers are to be read again, if nothing happens until then. */
export interface NextLook {
  /** Real time after the last look. Milliseconds. */
  readonly withinMs: number;
  /** The business time of the last look, when nothing was due. */
  readonly readAt?: Instant;
  /** When the next known timer is due. */
  readonly due?: Instant | undefined;
}

const LONGEST_BUSINESS_MS = 60_000;
/** However fast business time runs, a look that finds nothing due is not repeated sooner. */
const SHORTEST_LOOK_MS = 50;
/** However often this process commits, its commits do not cause a look sooner. */
const SHORTEST_WOKEN_LOOK_MS = 250;
/** Business time may jump, so the clock is compared this often. This reads no database. */
const COMPARE_CLOCK_MS = 250;

/**
 * How long to pause before the next look, or before this is asked again. Never past the next known timer, and never longer than a minute
 * of business time, in which another process may have set an earlier one. @param sinceLookMs the real time since the last look
 * @returns milliseconds; 0 or less when it is time to look
 */
export function untilNextLook(
  { withinMs, readAt, due }: NextLook,
  clock: Pick<Clock, 'realDelayUntil'>,
  sinceLookMs: number,
  isWoken: boolean,
): number {
  const within = Math.min(withinMs, isWoken ? SHORTEST_WOKEN_LOOK_MS : withinMs) - sinceLookMs;
  if (readAt === undefined) return within;
  const minute = Math.max(
    SHORTEST_LOOK_MS - sinceLookMs,
    clock.realDelayUntil(after(readAt, LONGEST_BUSINESS_MS)),
  );
  const untilDue = due === undefined ? minute : clock.realDelayUntil(due);
  const left = Math.min(within, minute, untilDue);
  return left <= 0 ? left : Math.min(left, COMPARE_CLOCK_MS);
}
