import { expect, it } from 'vitest';
import { rangesOf, shuffled } from './sample.ts';

it('rangesOf cuts files into ranges that contain every line once', () => {
  const ranges = rangesOf([{ file: 'a.ts', lines: 9 }]);
  expect(ranges.map(({ first, last }) => [first, last])).toEqual([
    [1, 4],
    [5, 8],
    [9, 9],
  ]);
});

it('shuffled keeps all items, gives the same order for the same seed, and another order for another seed', () => {
  const items = Array.from({ length: 50 }, (_, nth) => nth);
  expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
  expect(shuffled(items, 8)).not.toEqual(shuffled(items, 7));
  expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
});
