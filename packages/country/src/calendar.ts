import { type Instant, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';

/** A day as people write it where they are, `2026-03-02`; it begins and ends by the local clock. */
export type LocalDate = string & { readonly __localDate: unique symbol };

/** The days on which an authority works. Weekends differ by country, holidays by year, and the days themselves by time zone. */
export interface Calendar {
  readonly code: string;
  readonly timeZone: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekend: readonly number[];
  readonly holidays: readonly string[];
}

const ISO = 'yyyy-MM-dd';

/** The day that it is in a time zone at a moment. */
export const localDateOf = (at: Instant, timeZone: string): LocalDate =>
  DateTime.fromMillis(at, { zone: timeZone }).toFormat(ISO) as LocalDate;

/** The time on the wall in a time zone at a moment, `HH:MM`. */
export const localTimeOf = (at: Instant, timeZone: string): string =>
  DateTime.fromMillis(at, { zone: timeZone }).toFormat('HH:mm');

const noonOf = (date: LocalDate): DateTime => DateTime.fromISO(`${date}T12:00`, { zone: 'utc' });

/** `count` days later; negative goes back. */
export const plusDays = (date: LocalDate, count: number): LocalDate =>
  noonOf(date).plus({ days: count }).toFormat(ISO) as LocalDate;

/** The first moment of a day, which is not always midnight: some places put their clocks forward at that hour. */
export const startOfDay = (date: LocalDate, timeZone: string): Instant =>
  instant(DateTime.fromISO(date, { zone: timeZone }).startOf('day').toMillis());

/** Does the authority work on this day? */
export const isWorkingDay = (calendar: Calendar, date: LocalDate): boolean =>
  !calendar.weekend.includes(noonOf(date).weekday) && !calendar.holidays.includes(date);

/** This day, or the first working day after it. */
export function workingDayFrom(calendar: Calendar, date: LocalDate): LocalDate {
  let day = date;
  while (!isWorkingDay(calendar, day)) day = plusDays(day, 1);
  return day;
}
