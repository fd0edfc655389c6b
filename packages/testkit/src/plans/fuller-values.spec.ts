import { expect, it } from 'vitest';
import { fuller, isFull } from './fuller-values.ts';

const run = (...values: unknown[]) => ({ values });

it('fuller returns a later run that has a list where the first has an empty one', () => {
  const later = run(['a'], 1);
  expect(fuller(run([], 1), later)).toBe(later);
});

it('fuller returns a later run that has a value where the first has none', () => {
  const later = run('a', 1);
  expect(fuller(run(null, 1), later)).toBe(later);
  expect(fuller(run(undefined, 1), later)).toBe(later);
});

it('fuller returns the first run when a later one has no more values', () => {
  const first = run([], 1);
  expect(fuller(first, run([], 2))).toBe(first);
  expect(fuller(first, run(null, null))).toBe(first);
});

it('isFull is true when each parameter has a value, also zero, false or an empty text', () => {
  expect(isFull(run(0, false, '', ['a']))).toBe(true);
  expect(isFull(run('a', []))).toBe(false);
});
