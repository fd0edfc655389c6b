import { z } from 'zod';
import { code } from './code.ts';

const strength = z.enum(['strong', 'medium', 'weak']);
const indicator = z.object({
  code,
  title: z.string().min(1),
  adult: strength.optional(),
  child: strength.optional(),
});

const row = z.object({
  rule: z.string().min(1),
  all: z.array(code),
  any: z.array(code),
  result: z.enum(['indicated', 'not-indicated', 'insufficient']),
  advice: code,
});
const table = z
  .array(row)
  .refine(
    (rows) => rows.at(-1)?.all.length === 0 && rows.at(-1)?.any.length === 0,
    'the last row must fit everything',
  );

const count = z.number().int().min(1).optional();
const threshold = z.object({ strong: count, medium: count, weak: count, mediumOrWeak: count });

const indicatorList = z
  .object({
    id: code,
    version: code,
    positive: z.array(threshold).min(1),
    dimensions: z.array(z.object({ code, indicators: z.array(indicator).min(1) })).min(1),
    rules: z.object({ adult: table, child: table }),
  })
  .superRefine(({ dimensions, rules }, context) => {
    const known = new Set(dimensions.map((one) => one.code));
    for (const age of ['adult', 'child'] as const)
      for (const [nth, { all, any }] of rules[age].entries())
        if (![...all, ...any].every((one) => known.has(one)))
          context.addIssue({
            code: 'custom',
            path: ['rules', age, nth],
            message: 'names an unknown dimension',
          });
  });

/**
 * The lists of indicators for screenings, by the name of their file. Several versions of a list may exist at the same time (`domain.md`
 * §2).
 */
export const indicators = z
  .record(z.string(), indicatorList)
  .transform((files) => Object.values(files))
  .refine(
    (lists) => new Set(lists.map(({ id, version }) => `${id}@${version}`)).size === lists.length,
    'has a version of a list twice',
  );
