import { minutes } from '@opennrm/runtime/decision';

/** The largest allowed lag of events behind the simulated clock. Above it the clock slows down. */
const LAG_AT_MOST_MS = minutes(10);
/** The lag that a new rate aims at. */
const AIM_MS = minutes(8);
/** Below this lag the clock runs faster again. */
const CALM_MS = minutes(5);
const FASTER = 2;

/** How many times as fast as real time the simulated clock may run. */
export interface RateLimits {
  readonly slowest: number;
  readonly fastest: number;
}

/**
 * The next rate of the simulated clock. It depends on the measured delay in real time and not on the lag, so that a delay which is read
 * twice slows the clock down once. @param delayMs how long an event takes, in real milliseconds.
 */
export function nextRate(rate: number, delayMs: number, limits: RateLimits): number {
  const lag = delayMs * rate;
  const aim = Math.max(limits.slowest, AIM_MS / delayMs);
  if (lag > LAG_AT_MOST_MS) return Math.min(rate, aim);
  if (lag < CALM_MS) return Math.max(rate, Math.min(limits.fastest, rate * FASTER, aim));
  return rate;
}
