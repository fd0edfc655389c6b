import { type Instant, instant } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';

/** A local calendar day, `2026-03-02`. It begins and ends by the local clock. */
export type LocalDate = string & { readonly __localDate: unique symbol };

/** The working days of an authority. Weekends differ by country, holidays by year, and the limits of a day by time zone. */
export interface Calendar {
  readonly code: string;
  readonly timeZone: string;
  /** Weekdays: 1 is Monday, 7 is Sunday. */
  readonly weekend: readonly number[];
  readonly holidays: readonly string[];
}

const ISO = 'yyyy-MM-dd';

/** The local day in a time zone at a moment. */
export const localDateOf = (at: Instant, timeZone: string): LocalDate =>
  DateTime.fromMillis(at, { zone: timeZone }).toFormat(ISO) as LocalDate;

/** The local time in a time zone at a moment, `HH:MM`. */
export const localTimeOf = (at: Instant, timeZone: string): string =>
  DateTime.fromMillis(at, { zone: timeZone }).toFormat('HH:mm');

const noonOf = (date: LocalDate): DateTime => DateTime.fromISO(`${date}T12:00`, { zone: 'utc' });

/** The day `count` days later. A negative count gives an earlier day. */
export const plusDays = (date: LocalDate, count: number): LocalDate =>
  noonOf(date).plus({ days: count }).toFormat(ISO) as LocalDate;

/** The first moment of a day. It is not always midnight: some places put their clocks forward at that hour. */
export const startOfDay = (date: LocalDate, timeZone: string): Instant =>
  instant(DateTime.fromISO(date, { zone: timeZone }).startOf('day').toMillis());

/** Whether the authority works on this day. */
export const isWorkingDay = (calendar: Calendar, date: LocalDate): boolean =>
  !calendar.weekend.includes(noonOf(date).weekday) && !calendar.holidays.includes(date);

/** This day, or the first working day after it. */
export function workingDayFrom(calendar: Calendar, date: LocalDate): LocalDate {
  let day = date;
  while (!isWorkingDay(calendar, day)) day = plusDays(day, 1);
  return day;
}
