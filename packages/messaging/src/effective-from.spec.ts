import { instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { effectiveFrom } from './effective-from.ts';

const moment = fc.nat(1_000_000).map(instant);

it('a permission is effective for the receiver when it is effective for the sender, also when the clocks of the two services differ', () => {
  fc.assert(
    fc.property(moment, moment, moment, (from, at, now) => {
      const effective = effectiveFrom(from, { at, now });
      if (from <= at) expect(effective).toBeLessThanOrEqual(Math.min(now, from));
      else expect(effective).toBe(from);
    }),
  );
});

it('effectiveFrom gives the same result when the message is delivered again later', () => {
  fc.assert(
    fc.property(moment, moment, moment, fc.nat(1_000_000), (from, at, now, later) => {
      fc.pre(now >= from);
      expect(effectiveFrom(from, { at, now: instant(now + later) })).toBe(
        effectiveFrom(from, { at, now }),
      );
    }),
  );
});
