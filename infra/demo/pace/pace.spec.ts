import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { delayOf, readMetrics, realAge } from './delay.ts';
import { nextRate } from './rate.ts';

const limits = { slowest: 150, fastest: 9_000 };
const none = { handled: 0, eventAgeMs: 0, outboxOldestMs: 0 };

it('a lag above ten simulated minutes slows the clock down to where it is eight', () => {
  const delayMs = 200;
  const slower = nextRate(4_500, delayMs, limits);
  expect(slower * delayMs).toBe(minutes(8));
});

it('the same delay, read again, does not slow the clock down again', () => {
  const slower = nextRate(4_500, 200, limits);
  expect(nextRate(slower, 200, limits)).toBe(slower);
});

it('a service that does not answer slows the clock down to its slowest rate', () => {
  expect(nextRate(9_000, Number.POSITIVE_INFINITY, limits)).toBe(150);
});

it('a small lag lets the clock run twice as fast, up to its limit', () => {
  expect(nextRate(1_000, 10, limits)).toBe(2_000);
  expect(nextRate(8_000, 10, limits)).toBe(9_000);
  expect(nextRate(1_000, 0, limits)).toBe(2_000);
});

it('the clock never runs so fast that the measured delay would be more than eight simulated minutes', () => {
  const faster = nextRate(4_500, 50, limits);
  expect(faster * 50).toBeLessThanOrEqual(minutes(8));
});

it('a delay counts messages that were handled since the last look, and messages that wait to be sent', () => {
  const metrics = { handled: 3, eventAgeMs: 600_000, outboxOldestMs: 40 };
  const asReal = (businessMs: number): number => businessMs / 1_000;
  expect(delayOf(metrics, none, asReal)).toBe(600);
  expect(delayOf(metrics, metrics, asReal)).toBe(40);
});

it('an age in business time is measured by the rates at which the clock ran', () => {
  const segments = [
    { wall: 0, business: 0, rate: 1_000 },
    { wall: 100, business: 100_000, rate: 100 },
  ];
  expect(realAge(segments, 101_000, 1_000)).toBe(10);
  expect(realAge(segments, 101_000, 51_000)).toBe(60);
});

it('the metrics of a service are read from the text that Prometheus reads', () => {
  const text = `# TYPE opennrm_event_age_seconds gauge
opennrm_event_age_seconds 12.5
opennrm_messages{outcome="applied"} 7
opennrm_messages{outcome="repeated"} 2
opennrm_messages_sent 100
opennrm_outbox_oldest_seconds 0.25
`;
  expect(readMetrics(text)).toEqual({ handled: 9, eventAgeMs: 12_500, outboxOldestMs: 250 });
  expect(readMetrics('')).toEqual(none);
});
