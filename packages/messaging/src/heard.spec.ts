import { instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromWhenHeard } from './heard.ts';

const moment = fc.nat(1_000_000).map(instant);

it('lets what counted when it was said count when it is heard, whatever the two clocks say', () => {
  fc.assert(
    fc.property(moment, moment, moment, (from, at, now) => {
      const heard = fromWhenHeard(from, { at, now });
      if (from <= at) expect(heard).toBeLessThanOrEqual(Math.min(now, from));
      else expect(heard).toBe(from);
    }),
  );
});

it('says the same when the message comes again later', () => {
  fc.assert(
    fc.property(moment, moment, moment, fc.nat(1_000_000), (from, at, now, later) => {
      fc.pre(now >= from);
      expect(fromWhenHeard(from, { at, now: instant(now + later) })).toBe(fromWhenHeard(from, { at, now }));
    }),
  );
});
