import { z } from 'zod';
import { type Instant, instant } from '../decision.ts';
import { uuid } from '../id.ts';

/** Limits of every request (a list is answered in pages of at most 200). */
export const limits = { list: 50, page: 200, code: 64, messageBytes: 64 * 1024 } as const;

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

const none = z.literal('').transform(() => undefined);

/** A moment between 2000 and 2100. */
const moment = z.date('must be a timestamp').transform((date, context): Instant => {
  const at = date.getTime();
  if (!(at >= EARLIEST && at < LATEST))
    context.addIssue({ code: 'custom', message: 'must be between the years 2000 and 2100' });
  return instant(at);
});

/**
 * A list in which a repeated entry has no meaning: each entry is kept once, in its first place. Not for a list of things (rooms, units,
 * people), where the domain refuses an entry that is named twice.
 */
export const setOf = <Item extends z.ZodType>(
  item: Item,
  { least = 0, most = limits.list as number } = {},
) =>
  z
    .array(item)
    .min(least, 'must have an entry')
    .max(most, `must be at most ${most} entries`)
    .transform((entries): readonly z.output<Item>[] => [...new Set(entries)]);

/** A calendar day between 1900 and 2100, in local time: `2009-03-31`. */
const date = z
  .string()
  .regex(/^(19|20)\d{2}-\d{2}-\d{2}$/, 'must be a date like 2009-03-31')
  .pipe(z.iso.date('must be a day of the calendar'));

/** A time of day, `09:30`; a closing time may also be `24:00`. */
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30');
const closingTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time like 09:30, or 24:00');

/** Field rules that all services use. Each message is the rule, never the value. */
export const field = {
  id: uuid(),
  /** An optional id: the empty string of proto3 is read as undefined. */
  optionalId: z.union([none, uuid('must be empty or a UUID')]),
  code: z
    .string()
    .min(1, 'must be a code')
    .max(limits.code, 'must be at most 64 characters')
    .regex(/^[a-z0-9-]+$/, 'must be a code'),
  optionalCode: z.union([
    none,
    z
      .string()
      .max(limits.code, 'must be at most 64 characters')
      .regex(/^[a-z0-9-]+$/, 'must be empty or a code'),
  ]),
  codes: setOf(
    z
      .string()
      .max(limits.code, 'must be at most 64 characters')
      .regex(/^[a-z0-9-]+$/, 'must be a code'),
  ),
  ids: setOf(uuid()),
  pageSize: z
    .number()
    .int()
    .max(limits.page, 'must be at most 200')
    .transform((size) => (size === 0 ? 50 : size)),
  pageToken: z.string().max(200, 'must be at most 200 characters'),
  date,
  time,
  closingTime,
  moment,
  optionalMoment: z.union([z.undefined(), moment]),
  /** An omitted value: the empty string of proto3 is read as undefined. */
  none,
} as const;

/** A code that must be in a list. The message states what is allowed, never the value that was sent. */
export function codeOf(list: readonly { readonly code: string }[], what: string) {
  const known = new Set(list.map((one) => one.code));
  return z.string().refine((code) => known.has(code), `must be a ${what} of the country pack`);
}

/** A set of codes that must be in a list. */
export const codesOf = (
  list: readonly { readonly code: string }[],
  what: string,
  limit?: { readonly least?: number; readonly most?: number },
) => setOf(codeOf(list, what), limit);

type CodesOnWire = Readonly<Record<number, string>>;

/** An enum of the wire as a domain code: `oneOf({ 1: 'emergency' })` refuses the unspecified value and every unknown number. */
export function oneOf<const Codes extends CodesOnWire>(codes: Codes) {
  return z.number().transform((value, context): Codes[keyof Codes] => {
    const code = codes[value];
    if (code === undefined) {
      context.addIssue({
        code: 'custom',
        message: `must be one of ${Object.values(codes).join(', ')}`,
      });
      return z.NEVER;
    }
    return code as Codes[keyof Codes];
  });
}

/** As `oneOf`, but the unspecified value is read as undefined. */
export function optionalOneOf<const Codes extends CodesOnWire>(codes: Codes) {
  return z.number().transform((value, context): Codes[keyof Codes] | undefined => {
    const code = codes[value];
    if (code === undefined && value !== 0)
      context.addIssue({
        code: 'custom',
        message: `must be unspecified, or one of ${Object.values(codes).join(', ')}`,
      });
    return code as Codes[keyof Codes] | undefined;
  });
}
