import { expect, it } from 'vitest';
import { fuller, isFull } from './fuller-values.ts';

const run = (...values: unknown[]) => ({ values });

it('takes a later run that gives a list where the first gave an empty one', () => {
  const later = run(['a'], 1);
  expect(fuller(run([], 1), later)).toBe(later);
});

it('takes a later run that gives a value where the first gave none', () => {
  const later = run('a', 1);
  expect(fuller(run(null, 1), later)).toBe(later);
  expect(fuller(run(undefined, 1), later)).toBe(later);
});

it('keeps the first run where a later one gives no more', () => {
  const first = run([], 1);
  expect(fuller(first, run([], 2))).toBe(first);
  expect(fuller(first, run(null, null))).toBe(first);
});

it('is full when each parameter has a value, be it zero, false or an empty text', () => {
  expect(isFull(run(0, false, '', ['a']))).toBe(true);
  expect(isFull(run('a', []))).toBe(false);
});
