import { after, type Instant } from '@opennrm/runtime/decision';
import { z } from 'zod';
import {
  type Calendar,
  isWorkingDay,
  type LocalDate,
  localDateOf,
  plusDays,
  startOfDay,
  workingDayFrom,
} from './calendar.ts';

/** How long a law gives: in working days, in calendar days, or in hours that run day and night. */
export interface Term {
  readonly unit: 'working-days' | 'days' | 'hours';
  readonly count: number;
}

const UNITS = { 'working day': 'working-days', day: 'days', hour: 'hours' } as const;

/** A term as people write it: `5 working days`, `45 days`, `48 hours`. */
export const term = z
  .string()
  .regex(
    /^[1-9]\d{0,3} (working day|day|hour)s?$/,
    'must be a term above nothing, like 5 working days, 45 days or 48 hours',
  )
  .transform((text): Term => {
    const [, count, unit = ''] = /^(\d+) (.+?)s?$/.exec(text) ?? [];
    return { unit: UNITS[unit as keyof typeof UNITS], count: Number(count) };
  });

const HOUR_MS = 3_600_000;

/**
 * When a term ends. Of a term in days, `lastDay` is the last that is counted; it is due when that day is over, or, where it is a term in calendar
 * days that ends on a day on which nobody works, when the next working day is (`due`).
 */
export interface TermEnd {
  readonly unit: Term['unit'];
  readonly lastDay: LocalDate | undefined;
  readonly due: Instant;
}

const isCounted = (calendar: Calendar, unit: Term['unit'], day: LocalDate): boolean =>
  unit === 'days' || isWorkingDay(calendar, day);

/**
 * The end of what is left of a term that runs from a moment on. The day of that moment is not counted, the term ends with the last hour of
 * its last day, and it does not end on a day on which nobody works (Regulation (EEC, Euratom) 1182/71, article 3).
 */
export function endOfTerm(calendar: Calendar, { unit, count }: Term, from: Instant): TermEnd {
  if (unit === 'hours')
    return { unit, lastDay: undefined, due: after(from, Math.round(count * HOUR_MS)) };
  let lastDay = localDateOf(from, calendar.timeZone);
  for (let left = count; left > 0; ) {
    lastDay = plusDays(lastDay, 1);
    if (isCounted(calendar, unit, lastDay)) left--;
  }
  return { unit, lastDay, due: dueAfter(calendar, lastDay) };
}

const dueAfter = (calendar: Calendar, lastDay: LocalDate): Instant =>
  startOfDay(plusDays(workingDayFrom(calendar, lastDay), 1), calendar.timeZone);

/** What is left of a term at a moment, in its own unit: whole days after that day, or hours. Never below nothing. */
export function remainingTerm(calendar: Calendar, end: TermEnd, at: Instant): Term {
  const { unit, lastDay, due } = end;
  if (lastDay === undefined) return { unit, count: Math.max(0, due - at) / HOUR_MS };
  let count = 0;
  for (
    let day = plusDays(localDateOf(at, calendar.timeZone), 1);
    day <= lastDay;
    day = plusDays(day, 1)
  )
    if (isCounted(calendar, unit, day)) count++;
  return { unit, count };
}

/** The end moved by a further term of the same unit. */
export function extendTerm(calendar: Calendar, end: TermEnd, by: Term): TermEnd {
  const { unit, lastDay, due } = end;
  if (by.unit !== unit) throw new Error(`a term in ${unit} cannot be extended by ${by.unit}`);
  if (lastDay === undefined) return { unit, lastDay, due: after(due, by.count * HOUR_MS) };
  return endOfTerm(calendar, by, startOfDay(lastDay, calendar.timeZone));
}
