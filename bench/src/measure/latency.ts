import { quantile } from '@opennrm/infra/report';

/** A latency, as reported. Milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
  /** The value at each percent from 0 to 100, for the plot. */
  readonly curve: readonly number[];
}

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

export function latencyOf(milliseconds: readonly number[]): Latency {
  const at = (share: number): number => round(quantile(milliseconds, share) ?? Number.NaN);
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const curve = Array.from({ length: 101 }, (_, percent) =>
    round(
      sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ??
        Number.NaN,
    ),
  );
  return {
    count: milliseconds.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    most: at(1),
    curve,
  };
}
