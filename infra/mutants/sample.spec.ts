import { expect, it } from 'vitest';
import { rangesOf, shuffled } from './sample.ts';

it('cuts files into ranges that hold every line once', () => {
  const ranges = rangesOf([{ file: 'a.ts', lines: 9 }]);
  expect(ranges.map(({ first, last }) => [first, last])).toEqual([
    [1, 4],
    [5, 8],
    [9, 9],
  ]);
});

it('puts items into the same order for the same seed, loses none, and into another order for another seed', () => {
  const items = Array.from({ length: 50 }, (_, nth) => nth);
  expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
  expect(shuffled(items, 8)).not.toEqual(shuffled(items, 7));
  expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
});
