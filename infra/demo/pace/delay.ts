import type { ClockSegment } from '@opennrm/runtime';

/** What the metrics of a service show about its delay. */
export interface ServiceMetrics {
  /** The number of messages handled since its start. */
  readonly handled: number;
  /** Business milliseconds from an event to its handling, for the messages handled last. */
  readonly eventAgeMs: number;
  /** Real milliseconds that the oldest unsent message has waited. */
  readonly outboxOldestMs: number;
}

/** Reads the text of `/metrics`. A metric that is absent counts as 0. */
export function readMetrics(text: string): ServiceMetrics {
  const values = (name: string): number[] =>
    [...text.matchAll(new RegExp(`^opennrm_${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
      Number(value),
    );
  return {
    handled: values('messages').reduce((sum, one) => sum + one, 0),
    eventAgeMs: (values('event_age_seconds')[0] ?? 0) * 1_000,
    outboxOldestMs: (values('outbox_oldest_seconds')[0] ?? 0) * 1_000,
  };
}

/**
 * The delay of a service in real milliseconds: the larger of the age of the messages handled last, and of the oldest unsent message. An age
 * that was read before does not count again: the service has handled nothing since.
 */
export function delayOf(
  metrics: ServiceMetrics,
  before: ServiceMetrics | undefined,
  realAge: (businessMs: number) => number,
): number {
  const isNew = metrics.handled !== before?.handled;
  return Math.max(isNew ? realAge(metrics.eventAgeMs) : 0, metrics.outboxOldestMs);
}

/** Real milliseconds that the clock needed for the last `businessMs` before the instant `now`. */
export function realAge(
  segments: readonly ClockSegment[],
  now: ClockSegment['business'],
  businessMs: number,
): number {
  const wallAt = (business: number): number => {
    const segment = segments.findLast((one) => one.business <= business) ?? segments[0];
    if (!segment || segment.rate === 0) return segment?.wall ?? 0;
    return segment.wall + Math.max(0, business - segment.business) / segment.rate;
  };
  return wallAt(now) - wallAt(now - businessMs);
}
