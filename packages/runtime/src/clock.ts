import { readFileSync } from 'node:fs';
import { type Instant, instant } from './decision.ts';

/** From the instant `wall` on, business time starts at `business` and runs `rate` times as fast as the wall clock. Milliseconds. */
export interface ClockSegment {
  readonly wall: number;
  readonly business: number;
  readonly rate: number;
}

/** Business time: the time of deadlines, expiries and the `at` of every event. Tokens, leases and call deadlines use real time. */
export interface Clock {
  now(): Instant;
  /**
   * Real milliseconds until business time reaches `due` if no segment is added; 0 when it has passed; Infinity when business time does
   * not move.
   */
  realDelayUntil(due: Instant): number;
}

/** Real time: the only clock that is allowed in production. */
export const realClock: Clock = {
  now: () => instant(Date.now()),
  realDelayUntil: (due) => Math.max(0, due - Date.now()),
};

/** The segment in force at a wall instant: the last one that has begun, or the first when none has. */
export function segmentAt(segments: readonly ClockSegment[], wall: number): ClockSegment {
  const begun = segments.findLast((segment) => segment.wall <= wall) ?? segments[0];
  if (!begun) throw new Error('a driven clock needs at least one segment');
  return begun;
}

/** Business time as a function of a list of segments that its driver may extend while processes run. */
export function segmentClock(readSegments: () => readonly ClockSegment[]): Clock {
  const now = (): Instant => {
    const wall = Date.now();
    const segment = segmentAt(readSegments(), wall);
    return instant(Math.floor(segment.business + Math.max(0, wall - segment.wall) * segment.rate));
  };
  return {
    now,
    realDelayUntil(due) {
      const left = due - now();
      if (left <= 0) return 0;
      const { rate } = segmentAt(readSegments(), Date.now());
      return rate === 0 ? Number.POSITIVE_INFINITY : left / rate;
    },
  };
}

const REREAD_AFTER_MS = 50;

/**
 * The clock that a launcher drives for all processes at once: a JSON file `{"segments": [...]}` that the launcher replaces atomically.
 * The file is read again at most every 50 ms, so a process sees an added segment without a restart.
 */
export function fileClock(path: string): Clock {
  let segments: readonly ClockSegment[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  return segmentClock(() => {
    // Measured by a monotonic clock: after the wall clock was set back, the file would not be read again for that long.
    if (performance.now() - readAt >= REREAD_AFTER_MS) {
      segments = (JSON.parse(readFileSync(path, 'utf8')) as { segments: ClockSegment[] }).segments;
      readAt = performance.now();
    }
    return segments;
  });
}
