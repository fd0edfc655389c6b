import { expect, it } from 'vitest';
import { z } from 'zod';
import { answer } from './answer.ts';
import { field } from './fields.ts';
import { unary } from './rpc.ts';

const schema = z.object({
  birthDate: z.union([field.none, field.date]),
  form: z.union([field.none, z.enum(['spoken', 'written'], 'must be spoken or written')]),
  how: z.union([
    z.undefined(),
    z.object({ language: z.string('must be a language'), ids: field.ids }),
  ]),
  at: field.optionalMoment,
});
const rpc = unary(schema, async () => answer({}));
const problemsOf = (request: object) => {
  const checked =
    rpc.kind === 'unary'
      ? rpc.check({ birthDate: '', form: '', how: undefined, at: undefined, ...request })
      : { ok: true as const };
  return checked.ok ? [] : checked.problems;
};

it('a wrong value in an optional field is refused with the rule of that field', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ birthDate: 'x' })).toEqual([
    { field: 'birth_date', rule: 'must be a date like 2009-03-31' },
  ]);
  expect(problemsOf({ form: 'sung' })).toEqual([
    { field: 'form', rule: 'must be spoken or written' },
  ]);
  expect(problemsOf({ at: new Date(0) })).toEqual([
    { field: 'at', rule: 'must be between the years 2000 and 2100' },
  ]);
});

it('a wrong value in an optional message is refused with the inner field', () =>
  expect(problemsOf({ how: { language: 7, ids: ['x'] } })).toEqual([
    { field: 'how.language', rule: 'must be a language' },
    { field: 'how.ids[0]', rule: 'must be a UUID' },
  ]));
