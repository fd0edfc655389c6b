import { Temporal } from '@js-temporal/polyfill';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { Calendar } from './calendar.ts';
import { loadCountryPack } from './load.ts';
import { endOfTerm, extendTerm, remainingTerm, type Term, term } from './term.ts';

const { calendars } = await loadCountryPack('infra/countries/sample');
const vienna: Calendar = firstCalendar();
function firstCalendar(): Calendar {
  const [first] = calendars;
  if (!first) throw new Error('the sample country has no calendar');
  return first;
}
const at = (text: string): Instant =>
  instant(DateTime.fromISO(text, { zone: vienna.timeZone }).toMillis());
const due = (text: string, from: string): string =>
  local(endOfTerm(vienna, term.parse(text), at(from)).due);
const local = (moment: Instant): string =>
  DateTime.fromMillis(moment, { zone: vienna.timeZone }).toFormat("yyyy-MM-dd'T'HH:mm");

describe('a term', () => {
  it('in working days does not count its first day, weekends and holidays', () => {
    expect(due('5 working days', '2026-03-02T09:00')).toBe('2026-03-10T00:00');
    expect(due('2 working days', '2026-04-02T23:59')).toBe('2026-04-08T00:00');
  });
  it('in days counts all days, and never ends on a day that is not a working day', () => {
    expect(due('30 days', '2026-03-02T09:00')).toBe('2026-04-02T00:00');
    expect(due('2 days', '2026-12-23T09:00')).toBe('2026-12-29T00:00');
  });
  it('in hours also counts the night in which clocks are put forward', () => {
    expect(due('6 hours', '2026-03-28T23:00')).toBe('2026-03-29T06:00');
  });
  it('has a remaining part, which is zero after its end', () => {
    const end = endOfTerm(vienna, { unit: 'working-days', count: 5 }, at('2026-03-02T09:00'));
    expect(remainingTerm(vienna, end, at('2026-03-04T12:00'))).toEqual({
      unit: 'working-days',
      count: 3,
    });
    expect(remainingTerm(vienna, end, at('2026-05-04T12:00'))).toEqual({
      unit: 'working-days',
      count: 0,
    });
  });
  it('is extended from its last counted day', () => {
    const end = endOfTerm(vienna, { unit: 'working-days', count: 5 }, at('2026-03-02T09:00'));
    expect(local(extendTerm(vienna, end, { unit: 'working-days', count: 1 }).due)).toBe(
      '2026-03-11T00:00',
    );
  });
  it.each(['minus three days', '-3 days', '0 days', '5 workdays', '3 weeks', ''])(
    'cannot be "%s"',
    (text) => {
      expect(term.safeParse(text).success).toBe(false);
    },
  );
});

/** The same rule of the law with another library: days of the proleptic calendar, one after the other. */
function dueByTemporal(calendar: Calendar, { unit, count }: Term, from: Instant): number {
  const began = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(calendar.timeZone);
  if (unit === 'hours') return began.add({ hours: count }).epochMilliseconds;
  const off = (day: Temporal.PlainDate): boolean =>
    calendar.weekend.includes(day.dayOfWeek) || calendar.holidays.includes(day.toString());
  let day = began.toPlainDate();
  for (let left = count; left > 0; ) {
    day = day.add({ days: 1 });
    if (unit === 'days' || !off(day)) left -= 1;
  }
  while (off(day)) day = day.add({ days: 1 });
  return day.add({ days: 1 }).toZonedDateTime({ timeZone: calendar.timeZone }).epochMilliseconds;
}

const ZONES = [
  'Europe/London',
  'Asia/Amman',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const WEEKENDS = [[6, 7], [5, 6], [7], [], [4, 5]];
const [FIRST_DAY, DAYS] = [Temporal.PlainDate.from('2020-01-01'), 3_653];

/** The remaining term with the same library: each day after `at` until the last day is checked. */
function leftByTemporal(
  calendar: Calendar,
  { unit, count }: Term,
  from: Instant,
  at: Instant,
): number {
  if (unit === 'hours')
    return Math.max(0, dueByTemporal(calendar, { unit, count }, from) - at) / HOUR_MS;
  const dayOf = (moment: Instant): Temporal.PlainDate =>
    Temporal.Instant.fromEpochMilliseconds(moment)
      .toZonedDateTimeISO(calendar.timeZone)
      .toPlainDate();
  const working = (day: Temporal.PlainDate): boolean =>
    !calendar.weekend.includes(day.dayOfWeek) && !calendar.holidays.includes(day.toString());
  let [day, given, left] = [dayOf(from), 0, 0];
  while (given < count) {
    day = day.add({ days: 1 });
    if (unit === 'working-days' && !working(day)) continue;
    given++;
    if (Temporal.PlainDate.compare(day, dayOf(at)) > 0) left++;
  }
  return left;
}

const HOUR_MS = 3_600_000;
const units = ['working-days', 'days', 'hours'] as const;

interface Case {
  readonly calendar: Calendar;
  readonly length: Term;
  readonly from: Instant;
  readonly by: Term;
  /** A moment after the term began, and often after it ended. */
  readonly at: Instant;
}

/** `FC_RUNS=1000` runs ten thousand cases. */
const RUNS = Number(process.env.FC_RUNS ?? 100);

/** Random cases over ten years in five time zones, the same in each run. */
function* cases(count: number): Generator<Case> {
  let seed = 20_261_123;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const calendarsOf = ZONES.map(
    (timeZone, nth): Calendar => ({
      code: timeZone,
      timeZone,
      weekend: WEEKENDS[nth] ?? [],
      holidays: Array.from({ length: 150 }, () => FIRST_DAY.add({ days: draw(DAYS) }).toString()),
    }),
  );
  for (let nth = 0; nth < count; nth++) {
    const calendar = calendarsOf[nth % calendarsOf.length] ?? vienna;
    const unit = units[draw(3)] ?? 'days';
    const from = instant(Date.UTC(2020, 0, 1) + draw(DAYS * 1_440) * 60_000);
    const [length, by] = [1 + draw(60), 1 + draw(60)].map((count): Term => ({ unit, count })) as [
      Term,
      Term,
    ];
    yield { calendar, length, from, by, at: instant(from + draw(100 * 1_440) * 60_000) };
  }
}

const named = ({ calendar, length: { count, unit }, from, at }: Case): string =>
  `${calendar.timeZone}, ${count} ${unit} from ${new Date(from).toISOString()}, at ${new Date(at).toISOString()}`;

describe('another implementation agrees, in random cases over ten years in five time zones,', () => {
  it('on the end of a term', () => {
    for (const one of cases(10 * RUNS))
      if (
        endOfTerm(one.calendar, one.length, one.from).due !==
        dueByTemporal(one.calendar, one.length, one.from)
      )
        expect.fail(named(one));
  });

  it('on the remaining part of a term at any moment', () => {
    for (const one of cases(2 * RUNS)) {
      const left = remainingTerm(
        one.calendar,
        endOfTerm(one.calendar, one.length, one.from),
        one.at,
      );
      const is = leftByTemporal(one.calendar, one.length, one.from, one.at);
      if (left.unit !== one.length.unit || Math.abs(left.count - is) > 1e-9)
        expect.fail(named(one));
    }
  });

  it('on the end of an extended term, which is the end of one term of both lengths', () => {
    for (const one of cases(2 * RUNS)) {
      const together = { unit: one.length.unit, count: one.length.count + one.by.count };
      const longer = extendTerm(
        one.calendar,
        endOfTerm(one.calendar, one.length, one.from),
        one.by,
      );
      if (longer.due !== dueByTemporal(one.calendar, together, one.from)) expect.fail(named(one));
    }
  });
});
