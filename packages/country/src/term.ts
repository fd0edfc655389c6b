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

/** The length of a statutory term: in working days, in calendar days, or in hours that run day and night. */
export interface Term {
  readonly unit: 'working-days' | 'days' | 'hours';
  readonly count: number;
}

const UNITS = { 'working day': 'working-days', day: 'days', hour: 'hours' } as const;

/** A term in readable form: `5 working days`, `45 days`, `48 hours`. */
export const term = z
  .string()
  .regex(
    /^[1-9]\d{0,3} (working day|day|hour)s?$/,
    'must be a positive term, like 5 working days, 45 days or 48 hours',
  )
  .transform((text): Term => {
    const [, count, unit = ''] = /^(\d+) (.+?)s?$/.exec(text) ?? [];
    return { unit: UNITS[unit as keyof typeof UNITS], count: Number(count) };
  });

const HOUR_MS = 3_600_000;

/**
 * The end of a term. `lastDay` is the last counted day of a term in days. The term is due when that day is over. When a term in calendar
 * days ends on a day that is not a working day, it is due when the next working day is over (`due`).
 */
export interface TermEnd {
  readonly unit: Term['unit'];
  readonly lastDay: LocalDate | undefined;
  readonly due: Instant;
}

const isCounted = (calendar: Calendar, unit: Term['unit'], day: LocalDate): boolean =>
  unit === 'days' || isWorkingDay(calendar, day);

/**
 * The end of a term that runs from a moment. The day of that moment is not counted, the term ends with the last hour of its last day, and
 * it never ends on a day that is not a working day (Regulation (EEC, Euratom) 1182/71, article 3).
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

/** The remaining part of a term at a moment, in its own unit: whole days after that day, or hours. Never negative. */
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

/** The end after an extension by a term of the same unit. */
export function extendTerm(calendar: Calendar, end: TermEnd, by: Term): TermEnd {
  const { unit, lastDay, due } = end;
  if (by.unit !== unit) throw new Error(`a term in ${unit} cannot be extended by ${by.unit}`);
  if (lastDay === undefined) return { unit, lastDay, due: after(due, by.count * HOUR_MS) };
  return endOfTerm(calendar, by, startOfDay(lastDay, calendar.timeZone));
}
