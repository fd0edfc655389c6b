import { z } from 'zod';
import type { Calendar } from './calendar.ts';
import { code } from './code.ts';

const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
const IANA = new Set(Intl.supportedValuesOf('timeZone'));

export const timeZone = z
  .string()
  .refine((zone) => IANA.has(zone), 'must be a time zone of the IANA list');

/** Working calendars by code: a weekend, and the holidays of each year, which are listed because many of them move. */
export const calendars = z
  .record(
    code,
    z.object({
      timeZone,
      weekend: z.array(z.enum(WEEKDAYS)).max(6, 'leaves no day of the week to work on'),
      holidays: z.record(
        z.string().regex(/^\d{4}$/, 'must be a year'),
        z.array(z.iso.date('must be a date like 2026-03-02')),
      ),
    }),
  )
  .superRefine((all, context) => {
    for (const [name, { holidays }] of Object.entries(all))
      for (const [year, dates] of Object.entries(holidays))
        for (const [nth, date] of dates.entries())
          if (!date.startsWith(`${year}-`))
            context.addIssue({
              code: 'custom',
              path: [name, 'holidays', year, nth],
              message: `is not in ${year}`,
            });
  })
  .transform((all) =>
    Object.entries(all).map(
      ([name, { timeZone, weekend, holidays }]): Calendar & {
        readonly years: readonly number[];
      } => ({
        code: name,
        timeZone,
        weekend: weekend.map((day) => WEEKDAYS.indexOf(day) + 1),
        holidays: Object.values(holidays).flat(),
        years: Object.keys(holidays).map(Number),
      }),
    ),
  );
