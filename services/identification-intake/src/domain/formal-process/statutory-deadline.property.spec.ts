import { type Calendar, localDateOf, plusDays, remainingTerm, type Term } from '@opennrm/country';
import { after, type Instant, instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOverdue,
  lengthened,
  paused,
  resumed,
  type StatutoryDeadline,
  started,
  type Timing,
} from './statutory-deadline.ts';

const HOUR_MS = 3_600_000;
const zone = fc.constantFrom(
  'Europe/London',
  'Asia/Amman',
  'America/Santiago',
  'Pacific/Auckland',
  'UTC',
);
const begin = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }).map(instant);
const term: fc.Arbitrary<Term> = fc.record({
  unit: fc.constantFrom('working-days', 'days', 'hours'),
  count: fc.integer({ min: 1, max: 60 }),
});
const calendar = (timeZone: string): Calendar => ({
  code: 'authority',
  timeZone,
  weekend: [5, 6],
  holidays: ['2026-01-01', '2026-05-01', '2026-12-25', '2027-01-01', '2027-05-02'],
});
/** The calendar of another law: another weekend, and other holidays. */
const anotherCalendar = (timeZone: string): Calendar => ({
  ...calendar(timeZone),
  weekend: [7],
  holidays: Array.from({ length: 40 }, (_, nth) => plusDays('2026-01-15' as never, nth * 17)),
});
const timingOf = (timeZone: string, workdays = calendar(timeZone)): Timing => ({
  workdays,
  dueSoonBeforeMs: 24 * HOUR_MS,
  escalation: [{ afterMs: 0, ownerRole: 'coordinator' }],
});

/** What happens to a deadline, each so many hours after the one before. */
const happening = fc.record({
  afterHours: fc.integer({ min: 0, max: 200 }),
  what: fc.constantFrom('pause', 'resume', 'extend', 'another calendar'),
});

/** How much of a term has run between two moments: hours, or the counted days after the first up to the second. */
function counted(workdays: Calendar, unit: Term['unit'], from: Instant, until: Instant): number {
  if (unit === 'hours') return (until - from) / HOUR_MS;
  return remainingTerm(
    workdays,
    { unit, lastDay: localDateOf(until, workdays.timeZone), due: until },
    from,
  ).count;
}

describe('a statutory deadline, after any sequence of changes,', () => {
  it('never has a negative remaining term, and loses and gains no time', () => {
    fc.assert(
      fc.property(
        zone,
        term,
        begin,
        fc.array(happening, { maxLength: 20 }),
        (timeZone, full, start, happenings) => {
          let timing = timingOf(timeZone);
          let deadline: StatutoryDeadline = started(timing, full, start);
          let [at, since, used, given] = [start, start, 0, full.count];
          for (const { afterHours, what } of happenings) {
            at = after(at, afterHours * HOUR_MS);
            if (what === 'pause' && deadline.state === 'running') {
              used += counted(timing.workdays, full.unit, since, at);
              deadline = paused(timing, deadline, 'information-missing', at);
              expect(deadline.remaining.count).toBeGreaterThanOrEqual(0);
              expect(deadline.remaining.count).toBeCloseTo(Math.max(0, given - used), 6);
              used = given - deadline.remaining.count;
            } else if (what === 'resume' && deadline.state === 'paused') {
              const { remaining } = deadline;
              deadline = resumed(timing, deadline, at);
              expect(remainingTerm(timing.workdays, deadline.end, at).count).toBeCloseTo(
                remaining.count,
                6,
              );
              since = at;
            } else if (what === 'another calendar') {
              const before = timing;
              timing = timingOf(
                timeZone,
                before.workdays.weekend.length > 1 ? anotherCalendar(timeZone) : undefined,
              );
              // A paused deadline keeps its days, an overdue one does not change, and a running one has the same number of days left, counted by the
              // new calendar.
              if (deadline.state === 'paused') continue;
              if (isOverdue(deadline, at)) {
                timing = before;
                continue;
              }
              const remaining = remainingTerm(before.workdays, deadline.end, at);
              used += counted(before.workdays, full.unit, since, at);
              expect(remaining.count).toBeCloseTo(Math.max(0, given - used), 6);
              used = given - remaining.count;
              deadline = started(timing, remaining, at);
              expect(remainingTerm(timing.workdays, deadline.end, at).count).toBeCloseTo(
                remaining.count,
                6,
              );
              since = at;
            } else if (what === 'extend') {
              // An overdue deadline is not extended: the process refuses it (`overdue.spec.ts`).
              if (isOverdue(deadline, at)) continue;
              given += 5;
              deadline = lengthened(timing, deadline, { unit: full.unit, count: 5 }, at);
            }
          }
        },
      ),
    );
  });

  it('is due as before when it is paused and resumed on the same day', () => {
    fc.assert(
      fc.property(
        zone,
        term,
        begin,
        fc.integer({ min: 0, max: 500 }),
        (timeZone, full, start, hours) => {
          const timing = timingOf(timeZone);
          const deadline = started(timing, full, start);
          const at = after(start, hours * HOUR_MS);
          if (at >= deadline.end.due) return;
          const lastDay = deadline.end.lastDay;
          // On the non-working days that are added after the last counted day, no term remains.
          if (lastDay !== undefined && localDateOf(at, timeZone) > lastDay) return;
          expect(resumed(timing, paused(timing, deadline, 'g', at), at).end.due).toBe(
            deadline.end.due,
          );
        },
      ),
    );
  });

  it('moves by exactly the days of the pause that would have counted', () => {
    fc.assert(
      fc.property(
        zone,
        begin,
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 40 }),
        (timeZone, start, ran, pausedDays) => {
          const timing = timingOf(timeZone);
          const deadline = started(timing, { unit: 'days', count: 10 }, start);
          const pauseAt = after(start, ran * 24 * HOUR_MS);
          const resumeAt = after(pauseAt, pausedDays * 24 * HOUR_MS);
          const on = resumed(timing, paused(timing, deadline, 'g', pauseAt), resumeAt);
          const between = counted(timing.workdays, 'days', pauseAt, resumeAt);
          expect(on.end.lastDay).toBe(plusDays(deadline.end.lastDay ?? ('' as never), between));
        },
      ),
    );
  });

  it('warns before it is due, and is never escalated before', () => {
    fc.assert(
      fc.property(zone, term, begin, (timeZone, full, start) => {
        const { soonAt, escalations, end } = started(timingOf(timeZone), full, start);
        expect(soonAt === undefined || (soonAt > start && soonAt < end.due)).toBe(true);
        expect(escalations.every(({ at }) => at >= end.due)).toBe(true);
        expect(end.due).toBeGreaterThan(start);
      }),
    );
  });
});
