import fc from 'fast-check';
import { expect, it } from 'vitest';
import { classifyMessage } from './classify.ts';

const at = (epoch: number, last: number) => ({ epoch, last });
const message = (epoch: number, sequence: number, epochAfter = at(0, 0)) => ({
  epoch,
  sequence,
  epochAfter,
});

it('classifyMessage applies the next number, ignores a number seen before, and reports a gap', () => {
  expect(classifyMessage(at(1, 4), message(1, 5))).toBe('apply');
  expect(classifyMessage(at(1, 4), message(1, 4))).toBe('repeat');
  expect(classifyMessage(at(1, 4), message(1, 6))).toBe('gap');
});

it('an unknown stream starts at number 1 only', () => {
  expect(classifyMessage(at(0, 0), message(1, 1))).toBe('apply');
  expect(classifyMessage(at(0, 0), message(1, 2))).toBe('gap');
  expect(classifyMessage(at(0, 0), message(3, 1))).toBe('apply');
});

it('numbers of a new epoch are not repeats', () => {
  expect(classifyMessage(at(1, 9), message(2, 7, at(1, 6)))).toBe('apply');
  expect(classifyMessage(at(1, 6), message(2, 7, at(1, 6)))).toBe('apply');
  expect(classifyMessage(at(2, 7), message(2, 8, at(1, 6)))).toBe('apply');
});

it('a number of the new or the old epoch that is missing after a restore is a gap', () => {
  expect(classifyMessage(at(1, 10), message(2, 9, at(1, 5)))).toBe('gap');
  expect(classifyMessage(at(1, 4), message(2, 6, at(1, 5)))).toBe('gap');
  expect(classifyMessage(at(0, 0), message(2, 6, at(1, 5)))).toBe('gap');
});

it('a missing epoch between two restores is a gap', () => {
  expect(classifyMessage(at(1, 10), message(3, 8, at(2, 7)))).toBe('gap');
  expect(classifyMessage(at(2, 7), message(3, 8, at(2, 7)))).toBe('apply');
});

it('a message that a producer sent before it was restored is a repeat', () => {
  expect(classifyMessage(at(2, 7), message(1, 8))).toBe('repeat');
});

/** A producer sends, and is restored to an earlier moment at random. Every message carries what the producer's database knows. */
it('a number that is still valid is never skipped, whatever is lost and however often the producer is restored', () => {
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
