import type { FormField, IntakeForm } from '@opennrm/country';
import { type Answers, askedFields } from './asked-fields.ts';

/** New answers by field; an empty list removes an answer. */
export type Changes = Readonly<Record<string, readonly string[]>>;

export interface FormProblem {
  readonly field: string;
  readonly rule: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FILES_AT_MOST = 20;

/** All problems of these answers. Each names its field and the rule, never the answer. */
export function problemsOf(form: IntakeForm, before: Answers, changes: Changes): FormProblem[] {
  const fields = new Map(form.fields.map((one) => [one.id, one]));
  const askedIds = new Set(askedFields(form, filled(before, changes)).map(({ id }) => id));
  return Object.entries(changes).flatMap(([id, values]): FormProblem[] => {
    const field = fields.get(id);
    // An unknown name may contain personal data, so it is not repeated.
    if (!field) return [{ field: 'answers', rule: 'names a field that is not in this form' }];
    if (values.length === 0) return [];
    const rule = ruleBroken(field, values);
    if (rule !== undefined) return [{ field: id, rule }];
    return askedIds.has(id) ? [] : [{ field: id, rule: 'is not asked after these answers' }];
  });
}

function ruleBroken(
  { kind, options = [] }: FormField,
  values: readonly string[],
): string | undefined {
  const [value = ''] = values;
  const one = values.length === 1;
  switch (kind) {
    case 'choice':
      return one && options.includes(value) ? undefined : 'must be one of its options';
    case 'choices':
      return values.every((each) => options.includes(each)) &&
        new Set(values).size === values.length
        ? undefined
        : 'must be some of its options, each once';
    case 'checkbox':
      return one && value === 'yes' ? undefined : 'must be yes, or nothing';
    case 'number':
      return one && /^\d{1,3}$/.test(value) ? undefined : 'must be a whole number up to 999';
    case 'sealed':
      return one && UUID.test(value)
        ? undefined
        : 'must be the id of a sealed note: a form contains no free text';
    case 'files':
      return values.length <= FILES_AT_MOST && values.every((each) => UUID.test(each))
        ? undefined
        : `must be ids of attached files, at most ${FILES_AT_MOST}`;
  }
}

/** The answers after these changes. */
export function filled(before: Answers, changes: Changes): Answers {
  const all = Object.entries({ ...before, ...changes }).filter(([, values]) => values.length > 0);
  return Object.fromEntries(all);
}
