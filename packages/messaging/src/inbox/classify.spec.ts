import fc from 'fast-check';
import { expect, it } from 'vitest';
import { classifyMessage } from './classify.ts';

const at = (epoch: number, last: number) => ({ epoch, last });
const message = (epoch: number, sequence: number, epochAfter = at(0, 0)) => ({
  epoch,
  sequence,
  epochAfter,
});

it('applies the next number, ignores one seen before, and sees a gap', () => {
  expect(classifyMessage(at(1, 4), message(1, 5))).toBe('apply');
  expect(classifyMessage(at(1, 4), message(1, 4))).toBe('repeat');
  expect(classifyMessage(at(1, 4), message(1, 6))).toBe('gap');
});

it('lets an unknown stream start at 1 only', () => {
  expect(classifyMessage(at(0, 0), message(1, 1))).toBe('apply');
  expect(classifyMessage(at(0, 0), message(1, 2))).toBe('gap');
  expect(classifyMessage(at(0, 0), message(3, 1))).toBe('apply');
});

it('does not take numbers of a new epoch for repeats', () => {
  expect(classifyMessage(at(1, 9), message(2, 7, at(1, 6)))).toBe('apply');
  expect(classifyMessage(at(1, 6), message(2, 7, at(1, 6)))).toBe('apply');
  expect(classifyMessage(at(2, 7), message(2, 8, at(1, 6)))).toBe('apply');
});

it('sees a gap after a restore: numbers of the new epoch, or of the old one, that never came', () => {
  expect(classifyMessage(at(1, 10), message(2, 9, at(1, 5)))).toBe('gap');
  expect(classifyMessage(at(1, 4), message(2, 6, at(1, 5)))).toBe('gap');
  expect(classifyMessage(at(0, 0), message(2, 6, at(1, 5)))).toBe('gap');
});

it('sees that a whole epoch between two restores never came', () => {
  expect(classifyMessage(at(1, 10), message(3, 8, at(2, 7)))).toBe('gap');
  expect(classifyMessage(at(2, 7), message(3, 8, at(2, 7)))).toBe('apply');
});

it('ignores what a producer sent before it was restored', () => {
  expect(classifyMessage(at(2, 7), message(1, 8))).toBe('repeat');
});

/** A producer that sends, and is restored to an earlier moment now and then; every message carries what its database knows. */
it('never skips a number that still counts, whatever is lost on the way and however often the producer is restored', () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('send' as const), lost: fc.boolean() }),
    fc.record({
      does: fc.constant('restore' as const),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let history: { epoch: number; sequence: number }[] = [];
      let [epoch, reader] = [1, at(0, 0)];
      const seen = new Set<string>();
      for (const one of steps) {
        if (one.does === 'restore') {
          history = history.slice(0, Math.floor(one.to * history.length));
          epoch++;
          continue;
        }
        const sequence = history.length + 1;
        history.push({ epoch, sequence });
        if (one.lost) continue;
        const before = history.findLast((sent) => sent.epoch < epoch);
        const epochAfter = before ? at(before.epoch, before.sequence) : at(0, 0);
        if (classifyMessage(reader, { epoch, sequence, epochAfter }) !== 'apply') continue;
        reader = at(epoch, sequence);
        seen.add(`${epoch} ${sequence}`);
        expect(history.filter((sent) => !seen.has(`${sent.epoch} ${sent.sequence}`))).toEqual([]);
      }
    }),
  );
});
