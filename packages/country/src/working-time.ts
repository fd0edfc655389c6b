import { after, type Instant, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';

/** Open on a weekday (1 Monday … 7 Sunday), local time. Closing at or before opening means over midnight; `24:00` is the day's end. */
export interface OpenHours {
  readonly weekday: number;
  readonly opens: string;
  readonly closes: string;
}

/** When a service is open: its hours by the clock on the wall, and the days on which it does not open at all. */
export interface Opening {
  /** Without any hours it is always open. */
  readonly hours: readonly OpenHours[];
  readonly timeZone: string;
  /** Local dates, `2026-12-25`. A night that began the evening before goes on to its end. */
  readonly closedOn: ReadonlySet<string>;
}

const MINUTES_A_DAY = 1_440;
const SIX_HOURS_MS = 21_600_000;

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The day after a weekday. */
const nextDay = (weekday: number): number => (weekday % 7) + 1;

interface LocalTime {
  readonly weekday: number;
  readonly minute: number;
  readonly today: string;
  readonly yesterday: string;
}

const ISO = 'yyyy-MM-dd';
let last: (LocalTime & { at: Instant; timeZone: string }) | undefined;

/** One decision asks for many services at one moment: the last answer is kept. */
function localTime(at: Instant, timeZone: string): LocalTime {
  if (last?.at === at && last.timeZone === timeZone) return last;
  const local = DateTime.fromMillis(at, { zone: timeZone });
  const [today, yesterday] = [local.toFormat(ISO), local.minus({ days: 1 }).toFormat(ISO)];
  last = {
    at,
    timeZone,
    weekday: local.weekday,
    minute: local.hour * 60 + local.minute,
    today,
    yesterday,
  };
  return last;
}

/** Is a service open now? Without any hours it is always open. */
export function isOpen({ hours, timeZone, closedOn }: Opening, at: Instant): boolean {
  if (hours.length === 0) return true;
  const { weekday, minute: now, today, yesterday } = localTime(at, timeZone);
  const [opensToday, openedYesterday] = [!closedOn.has(today), !closedOn.has(yesterday)];
  return hours.some(({ weekday: day, opens, closes }) => {
    const [from, until] = [minutesOf(opens), minutesOf(closes)];
    if (from < until) return opensToday && weekday === day && from <= now && now < until;
    return (
      (opensToday && weekday === day && from <= now) ||
      (openedYesterday && weekday === nextDay(day) && now < until)
    );
  });
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** When a service is open on one local day, over midnight included. Daylight saving moves the instants, not the clock on the wall. */
function spansOf({ hours, closedOn }: Opening, day: DateTime): Span[] {
  if (closedOn.has(day.toFormat(ISO))) return [];
  const on = (minutes: number): number => {
    const [later, left] = [Math.floor(minutes / MINUTES_A_DAY), minutes % MINUTES_A_DAY];
    return day
      .plus({ days: later })
      .set({ hour: Math.floor(left / 60), minute: left % 60 })
      .toMillis();
  };
  return hours
    .filter(({ weekday }) => weekday === day.weekday)
    .map(({ opens, closes }) => {
      const [from, until] = [minutesOf(opens), minutesOf(closes)];
      return { from: on(from), until: on(until > from ? until : until + MINUTES_A_DAY) };
    });
}

/** Spans that touch or overlap become one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const before = result.at(-1);
    if (before && span.from <= before.until)
      result[result.length - 1] = { from: before.from, until: Math.max(before.until, span.until) };
    else result.push(span);
  }
  return result;
}

const DAYS_AT_MOST = 400;

/** The moment at which `milliseconds` of open time have passed since `start`. Without hours it is plain time. */
export function addOpenTime(opening: Opening, start: Instant, milliseconds: number): Instant {
  if (opening.hours.length === 0) return after(start, milliseconds);
  const first = DateTime.fromMillis(start, { zone: opening.timeZone })
    .startOf('day')
    .minus({ days: 1 });
  let left = milliseconds;
  let reached: number = start;
  for (let week = 0; week * 7 < DAYS_AT_MOST; week++) {
    const days = Array.from({ length: 8 }, (_, nth) => first.plus({ days: week * 7 + nth }));
    for (const { from, until } of joined(days.flatMap((day) => spansOf(opening, day)))) {
      const begin = Math.max(from, reached);
      if (until <= begin) continue;
      if (begin + left <= until) return instant(begin + left);
      left -= until - begin;
      reached = until;
    }
  }
  return instant(reached + left);
}

/** The first local noon that is at least six hours away: what was said by telephone at night is confirmed the same day. */
export function nextNoon(at: Instant, timeZone: string): Instant {
  const earliest = DateTime.fromMillis(at + SIX_HOURS_MS, { zone: timeZone });
  const noon = earliest.startOf('day').set({ hour: 12 });
  return instant(
    (noon < earliest
      ? earliest.plus({ days: 1 }).startOf('day').set({ hour: 12 })
      : noon
    ).toMillis(),
  );
}
