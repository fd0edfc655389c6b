import { expect, it } from 'vitest';
import { verdictOn } from './verdict.ts';

const at = (epoch: number, last: number) => ({ epoch, last });
const message = (epoch: number, sequence: number) => ({ epoch, sequence });

it('applies the next number, ignores one seen before, and sees a gap', () => {
  expect(verdictOn(at(1, 4), message(1, 5))).toBe('apply');
  expect(verdictOn(at(1, 4), message(1, 4))).toBe('repeat');
  expect(verdictOn(at(1, 4), message(1, 6))).toBe('gap');
});

it('lets an unknown stream start at 1 only', () => {
  expect(verdictOn(at(0, 0), message(1, 1))).toBe('apply');
  expect(verdictOn(at(0, 0), message(1, 2))).toBe('gap');
});

it('does not take numbers that a restored producer gives out again for repeats', () => {
  expect(verdictOn(at(1, 9), message(2, 7))).toBe('apply');
  expect(verdictOn(at(1, 9), message(2, 11))).toBe('gap');
});

it('ignores what a producer sent before it was restored', () => {
  expect(verdictOn(at(2, 7), message(1, 8))).toBe('repeat');
});
