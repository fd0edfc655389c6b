import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ClockSegment, fileClock, realClock, segmentClock } from './clock.ts';
import { instant } from './decision.ts';

const folder = mkdtempSync(join(tmpdir(), 'clock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const WALL = 1_000_000;
beforeEach(() => vi.useFakeTimers({ now: WALL, toFake: ['Date', 'performance'] }));
afterEach(() => vi.useRealTimers());

it('the real clock follows the wall clock', () => {
  expect(realClock.now()).toBe(WALL);
  expect(realClock.realDelayUntil(instant(WALL + 7))).toBe(7);
  expect(realClock.realDelayUntil(instant(WALL - 7))).toBe(0);
});

it('a driven clock runs at the rate of its segment and jumps exactly when the next segment begins', () => {
  const segments: ClockSegment[] = [
    { wall: WALL, business: 0, rate: 1 },
    { wall: WALL + 100, business: 5_000, rate: 60 },
  ];
  const clock = segmentClock(() => segments);
  vi.setSystemTime(WALL + 99);
  expect(clock.now()).toBe(99);
  vi.setSystemTime(WALL + 110);
  expect(clock.now()).toBe(5_600);
  expect(clock.realDelayUntil(instant(5_600 + 120))).toBe(2);
});

it('a driven clock at rate 0 does not move, and nothing becomes due until it is driven on', () => {
  const clock = segmentClock(() => [{ wall: WALL, business: 42, rate: 0 }]);
  vi.setSystemTime(WALL + 1_000_000);
  expect(clock.now()).toBe(42);
  expect(clock.realDelayUntil(instant(43))).toBe(Number.POSITIVE_INFINITY);
  expect(clock.realDelayUntil(instant(42))).toBe(0);
});

const file = join(folder, 'clock.json');
const write = (...segments: ClockSegment[]) => {
  writeFileSync(`${file}.next`, JSON.stringify({ segments }));
  renameSync(`${file}.next`, file);
};

it('a file clock reads a segment that is added to its file after the wall clock was set back', () => {
  const first = { wall: WALL - 10_000, business: 0, rate: 1 };
  write(first);
  const clock = fileClock(file);
  vi.setSystemTime(WALL + 3_600_000);
  clock.now();
  vi.setSystemTime(WALL);
  write(first, { wall: WALL, business: 7_000_000, rate: 1 });
  vi.advanceTimersByTime(60);
  expect(clock.now()).toBe(7_000_060);
});

it('a file clock reads a segment that is added to its file while it runs', () => {
  const first = { wall: WALL, business: 0, rate: 1 };
  write(first);
  const clock = fileClock(file);
  expect(clock.now()).toBe(0);
  write(first, { wall: WALL + 100, business: 3_600_000, rate: 1 });
  vi.advanceTimersByTime(150);
  expect(clock.now()).toBe(3_600_050);
});
