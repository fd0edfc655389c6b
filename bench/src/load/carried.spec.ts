import { expect, it } from 'vitest';
import { isCarried, rateText } from './carried.ts';
import type { Pace } from './job.ts';

const fifty: Pace = { kind: 'open', perSecond: 50 };
const flood: Pace = { kind: 'flood', inFlight: 150 };

/** Sagas on their way, ten times a second for a minute. */
const during = (count: (second: number) => number): number[] =>
  Array.from({ length: 600 }, (_, nth) => count(nth / 10));

const all = { begun: 3_000, unfinished: 0, confirmedInWindow: 3_000 };

it('an open load is carried when its sagas on their way stay the same', () => {
  expect(isCarried(fifty, { ...all, onTheirWay: during(() => 12) })).toBe(true);
});

it('an open load is carried when its sagas on their way grow once, early', () => {
  const late = during((second) => (second < 15 ? 5 : 400));
  expect(isCarried(fifty, { ...all, onTheirWay: late })).toBe(true);
});

it('an open load is carried when the system stops for one second at the end and then continues', () => {
  const stopped = during((second) => (second > 50 && second < 51 ? 60 : 10));
  expect(isCarried(fifty, { ...all, onTheirWay: stopped })).toBe(true);
});

it('an open load is not carried when its sagas on their way grow by two a second', () => {
  expect(isCarried(fifty, { ...all, onTheirWay: during((second) => 2 * second) })).toBe(false);
});

it('an open load is not carried when more than one saga in a hundred is not confirmed', () => {
  const onTheirWay = during(() => 12);
  expect(isCarried(fifty, { ...all, unfinished: 30, onTheirWay })).toBe(true);
  expect(isCarried(fifty, { ...all, unfinished: 31, onTheirWay })).toBe(false);
});

it('a flood is carried when as many sagas were confirmed in its window as are on their way', () => {
  const onTheirWay = during(() => 150);
  expect(isCarried(flood, { ...all, confirmedInWindow: 150, onTheirWay })).toBe(true);
  expect(isCarried(flood, { ...all, confirmedInWindow: 149, onTheirWay })).toBe(false);
});

it('the rate of a load that is not carried is never shown without these words', () => {
  expect(rateText({ carried: true, perSecond: 50.1 })).toBe('50.1');
  expect(rateText({ carried: false, perSecond: 31.4 })).toBe('not carried: 31.4');
});
