import { type Instant, instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { addOpenTime, isOpen, nextNoon, type OpenHours, type Opening } from './working-time.ts';

const ZONE = 'Europe/Vienna';
const at = (text: string): Instant => instant(DateTime.fromISO(text, { zone: ZONE }).toMillis());
const local = (moment: Instant): string =>
  DateTime.fromMillis(moment, { zone: ZONE }).toFormat("yyyy-MM-dd'T'HH:mm");
const officeHours: OpenHours[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  opens: '09:00',
  closes: '17:00',
}));
const open = (hours: readonly OpenHours[], ...closedOn: string[]): Opening => ({
  hours,
  timeZone: ZONE,
  closedOn: new Set(closedOn),
});
const overMidnight: OpenHours[] = [{ weekday: 5, opens: '22:00', closes: '06:00' }];

describe('isOpen', () => {
  it('follows local time', () => {
    expect(isOpen(open(officeHours), at('2026-03-02T09:00'))).toBe(true);
    expect(isOpen(open(officeHours), at('2026-03-02T17:00'))).toBe(false);
    expect(isOpen(open(officeHours), at('2026-03-01T12:00'))).toBe(false);
  });
  it('is true over midnight', () => {
    expect(isOpen(open(overMidnight), at('2026-03-06T23:00'))).toBe(true);
    expect(isOpen(open(overMidnight), at('2026-03-07T05:59'))).toBe(true);
    expect(isOpen(open(overMidnight), at('2026-03-07T06:00'))).toBe(false);
  });
  it('is false on a holiday, except for a night that began on the day before', () => {
    expect(isOpen(open(officeHours, '2026-03-02'), at('2026-03-02T10:00'))).toBe(false);
    expect(isOpen(open(officeHours, '2026-03-02'), at('2026-03-03T10:00'))).toBe(true);
    expect(isOpen(open(overMidnight, '2026-03-07'), at('2026-03-07T05:59'))).toBe(true);
    expect(isOpen(open(overMidnight, '2026-03-06'), at('2026-03-07T05:59'))).toBe(false);
    expect(isOpen(open([], '2026-03-02'), at('2026-03-02T10:00'))).toBe(true);
  });
  it('is always true when no hours are given', () =>
    expect(isOpen(open([]), at('2026-03-01T03:00'))).toBe(true));
});

describe('addOpenTime', () => {
  const hour = 3_600_000;
  it('skips the night and the weekend', () => {
    expect(local(addOpenTime(open(officeHours), at('2026-03-06T16:30'), hour))).toBe(
      '2026-03-09T09:30',
    );
  });
  it('skips a holiday and the days off around it', () => {
    const easter = open(officeHours, '2026-04-03', '2026-04-06');
    expect(local(addOpenTime(easter, at('2026-04-02T16:30'), hour))).toBe('2026-04-07T09:30');
  });
  it('counts the hours of a night that is an hour shorter', () => {
    const always: OpenHours[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      weekday,
      opens: '00:00',
      closes: '24:00',
    }));
    expect(addOpenTime(open(always), at('2026-03-28T23:00'), 6 * hour)).toBe(
      at('2026-03-28T23:00') + 6 * hour,
    );
  });

  const MINUTE = 60_000;
  /** Every opening time of the cases below is at a quarter of an hour, so nothing opens or closes within one. */
  const QUARTER = 15 * MINUTE;

  /** The other implementation: counts the open minutes one by one. */
  function addOpenMinutes(opening: Opening, start: Instant, minutes: number): number {
    let now: number = start;
    let open = isOpen(opening, start);
    for (let left = minutes; left > 0; now += MINUTE) {
      if (now % QUARTER === 0) open = isOpen(opening, instant(now));
      if (open) left--;
    }
    return now;
  }

  it('agrees with a count minute by minute, also when clocks are put forward or back', () => {
    // No service opens or closes in the hour in which clocks change, when a local time exists twice or never.
    const time = fc
      .integer({ min: 0, max: 95 })
      .filter((quarter) => quarter <= 8 || quarter >= 12)
      .map(
        (quarter) =>
          `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
      );
    const hours = fc.array(
      fc.record({ weekday: fc.integer({ min: 1, max: 7 }), opens: time, closes: time }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    const start = fc
      .constantFrom('2026-03-27T00:00', '2026-10-23T00:00', '2026-06-01T00:00')
      .chain((day) =>
        fc.integer({ min: 0, max: 2 * 1_440 }).map((minute) => instant(at(day) + minute * 60_000)),
      );
    const holidays = fc.subarray([
      '2026-03-27',
      '2026-03-29',
      '2026-03-30',
      '2026-06-01',
      '2026-10-25',
      '2026-10-26',
    ]);
    fc.assert(
      fc.property(
        hours,
        start,
        fc.integer({ min: 1, max: 300 }),
        holidays,
        (week, from, minutes, closedOn) => {
          const opening = open(week, ...closedOn);
          expect(addOpenTime(opening, from, minutes * 60_000)).toBe(
            addOpenMinutes(opening, from, minutes),
          );
        },
      ),
    );
  });
});

describe('nextNoon', () => {
  it('is noon of the same day for a time at night, and of the next day for a later time', () => {
    expect(local(nextNoon(at('2026-03-05T02:00'), ZONE))).toBe('2026-03-05T12:00');
    expect(local(nextNoon(at('2026-03-05T11:00'), ZONE))).toBe('2026-03-06T12:00');
    expect(local(nextNoon(at('2026-03-28T21:00'), ZONE))).toBe('2026-03-29T12:00');
  });
});
