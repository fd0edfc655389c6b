import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realClock } from './clock.ts';
import { createLog } from './log.ts';
import { Parts } from './parts.ts';
import { agreedNow, leastOffset, watchWallClock } from './wall-clock.ts';

it("the clocks agree when the database's time lies between request and response, however long these took", () => {
  fc.assert(
    fc.property(
      fc.nat(60_000),
      fc.nat(60_000),
      fc.integer({ min: -3_600_000, max: 3_600_000 }),
      (there, back, ahead) => {
        const asked = 1_000_000 + ahead;
        const offset = leastOffset(asked, 1_000_000 + there, asked + there + back);
        expect(Math.abs(offset)).toBeLessThanOrEqual(Math.abs(ahead));
        expect(Math.abs(offset)).toBeGreaterThanOrEqual(Math.abs(ahead) - there - back);
        if (offset !== 0) expect(Math.sign(offset)).toBe(Math.sign(ahead));
      },
    ),
  );
});

it.each([
  ['an hour ahead of', -3_600_000, false],
  ['six seconds behind', 6_000, false],
  ['four seconds behind', 4_000, true],
])(
  'a clock %s the database’s is reported as agreeing only within five seconds',
  async (_what, databaseAhead, agrees) => {
    const metrics = new Registry();
    const watch = watchWallClock({
      database: { wallClock: async () => Date.now() + databaseAhead },
      part: new Parts(metrics).add('database'),
      metrics,
      log: createLog('spec', 'silent'),
    });
    await vi.waitFor(() => expect(watch.state().offsetSeconds).toBeDefined());
    expect(watch.state().agrees).toBe(agrees);
    expect(await metrics.metrics()).toMatch(/^opennrm_clock_offset_seconds \d/m);
    await watch.stop();
  },
);

it('the clock agrees again after it was corrected, and keeps its last result while the database is silent', async () => {
  const metrics = new Registry();
  let ahead = 60_000;
  let silent = false;
  const watch = watchWallClock({
    database: {
      wallClock: async () => {
        await pause(1);
        if (silent) throw new Error('silent');
        return Date.now() + ahead;
      },
    },
    part: new Parts(metrics).add('database'),
    metrics,
    log: createLog('spec', 'silent'),
  });
  await vi.waitFor(() => expect(watch.state().agrees).toBe(false));
  silent = true;
  ahead = 0;
  expect(watch.state().agrees).toBe(false);
  silent = false;
  await vi.waitFor(() => expect(watch.state().agrees).toBe(true), { timeout: 60_000 });
  await watch.stop();
});

describe('the time that decides whether something is deleted', () => {
  const TRUE = Date.UTC(2026, 0, 5, 9);
  const HOUR = 3_600_000;
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: TRUE }));
  afterEach(() => vi.useRealTimers());
  /** The database gives the true time. This process's clock is set to `before` until the database is read, and to `after` then. */
  const judged = (before: number, after: number): Promise<number | undefined> => {
    vi.setSystemTime(TRUE + before);
    return agreedNow(realClock, {
      async wallClock() {
        vi.setSystemTime(TRUE + after);
        return TRUE;
      },
    });
  };

  it('is the business time when the clock agrees', async () =>
    expect(await judged(1_000, 1_000)).toBe(TRUE + 1_000));

  it.each([HOUR, -HOUR])(
    'is undefined when the clock was %d ms wrong at the time of reading',
    async (wrong) => {
      expect(await judged(wrong, wrong)).toBeUndefined();
      if (wrong > 0) expect(await judged(wrong, 0)).toBeUndefined();
    },
  );

  it('is never the time of a clock that jumps during the comparison', async () => {
    expect([TRUE, undefined]).toContain(await judged(0, HOUR));
    expect([TRUE, undefined]).toContain(await judged(0, -HOUR));
  });
});
