import { after, days, type Instant, instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { warningsOf } from './warnings.ts';

const zone = 'Europe/Vienna';
const birthdays = fc
  .integer({ min: 0, max: 4_000 })
  .map((day) => instant(DateTime.fromISO('2024-01-01', { zone }).plus({ days: day }).toMillis()));
const warning = (eighteenAt: Instant): Instant =>
  warningsOf(eighteenAt, [days(180)], zone)[0] ?? eighteenAt;

describe('a warning of the eighteenth birthday', () => {
  it('is given on a Monday, not later than the country sets and less than eight days earlier', () =>
    fc.assert(
      fc.property(birthdays, (eighteenAt) => {
        const at = DateTime.fromMillis(warning(eighteenAt), { zone });
        expect(at.weekday).toBe(1);
        expect(warning(eighteenAt)).toBeLessThanOrEqual(after(eighteenAt, -days(180)));
        expect(warning(eighteenAt)).toBeGreaterThan(after(eighteenAt, -days(188)));
      }),
    ));

  it('has the same time for a week of birthdays, so that its time does not reveal the birthday', () => {
    const week = Array.from({ length: 70 }, (_, n) =>
      warning(instant(DateTime.fromISO('2027-03-01', { zone }).plus({ days: n }).toMillis())),
    );
    expect(new Set(week).size).toBeLessThanOrEqual(11);
  });

  it('is given at the noon of its Monday when the time matches exactly, else a week earlier', () => {
    const noon = DateTime.fromISO('2026-03-02T12:00', { zone });
    const eighteenAt = after(instant(noon.toMillis()), days(180));
    expect(warning(eighteenAt)).toBe(noon.toMillis());
    expect(warning(after(eighteenAt, -1))).toBe(noon.minus({ weeks: 1 }).toMillis());
  });
});
