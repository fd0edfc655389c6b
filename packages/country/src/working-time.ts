import { after, type Instant, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';

/**
 * Open hours on a weekday (1 Monday, 7 Sunday), in local time. A closing time at or before the opening time is on the next day; `24:00`
 * is the end of the day.
 */
export interface OpenHours {
  readonly weekday: number;
  readonly opens: string;
  readonly closes: string;
}

/** When a service is open: its hours in local time, and the days on which it is closed. */
export interface Opening {
  /** Empty for a service that is always open. */
  readonly hours: readonly OpenHours[];
  readonly timeZone: string;
  /** Local dates, `2026-12-25`. A night that began on the day before continues to its end. */
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

/** One decision checks many services at one moment, so the last result is cached. */
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

/** Whether a service is open at a moment. Without hours it is always open. */
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

/** The open spans of one local day, also over midnight. Daylight saving time moves the instants, not the local times. */
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

/** Merges spans that touch or overlap. */
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

/** The moment at which `milliseconds` of open time have passed since `start`. Without hours all time counts. */
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

/** The first local noon that is at least six hours away, so that a message by telephone at night is confirmed on the same day. */
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
