import { type Clock, segmentClock } from '@opennrm/runtime';
import { after, instant } from '@opennrm/runtime/decision';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type NextLook, untilNextLook } from './timer-looks.ts';

const WALL = Date.UTC(2030, 0, 1);
const START = instant(1_000_000);
const POLL: NextLook = { withinMs: 1_000, readAt: START };
let rate = 1;
const clock: Clock = segmentClock(() => [{ wall: WALL, business: START, rate }]);
beforeEach(() => {
  rate = 1;
  vi.useFakeTimers({ now: WALL });
});
afterEach(() => void vi.useRealTimers());

/** The real time from one look to the next, when nothing else happens. A change happens `at` milliseconds after the look. */
function lookAfter(next: NextLook, { at = 0, change = (): unknown => undefined } = {}): number {
  let isChanged = false;
  let isWoken = false;
  for (let since = 0; ; ) {
    if (!isChanged && since >= at) {
      isWoken = change() === 'woken';
      isChanged = true;
    }
    const left = untilNextLook(next, clock, since, isWoken);
    if (left <= 0) return since;
    const step = isChanged ? left : Math.min(left, at - since);
    since += step;
    vi.setSystemTime(WALL + since);
  }
}

it('the timers are read once a second when nothing is known to be due', () => {
  expect(lookAfter(POLL)).toBe(1_000);
  expect(lookAfter({ ...POLL, due: after(START, 5_000) })).toBe(1_000);
});

it('the timers are read when the next known one is due, and not before', () => {
  expect(lookAfter({ ...POLL, due: after(START, 10) })).toBe(10);
  expect(lookAfter({ ...POLL, due: after(START, 700) })).toBe(700);
});

it('a commit of this process has the timers read at once, but not again within a quarter of a second', () => {
  const change = () => 'woken';
  expect(lookAfter(POLL, { at: 600, change })).toBe(600);
  expect(lookAfter(POLL, { at: 30, change })).toBe(250);
});

it('the timers are read at least once in a minute of business time, and at most twenty times a second for it', () => {
  rate = 240;
  expect(lookAfter(POLL)).toBe(250);
  rate = 36_000;
  expect(lookAfter(POLL)).toBe(50);
});

it('the timers are read within a quarter of a second after business time begins to run fast', () => {
  const change = () => {
    rate = 3_600;
  };
  const looked = lookAfter(POLL, { at: 300, change });
  expect(looked).toBeGreaterThanOrEqual(300);
  expect(looked).toBeLessThanOrEqual(550);
});

it('a clock that stands still has the timers read as often as one that runs', () => {
  rate = 0;
  expect(lookAfter({ ...POLL, due: after(START, 10) })).toBe(1_000);
});

it('timers that could not be handled are tried again after the given time, whatever the clock shows', () => {
  rate = 36_000;
  expect(lookAfter({ withinMs: 250 })).toBe(250);
});
