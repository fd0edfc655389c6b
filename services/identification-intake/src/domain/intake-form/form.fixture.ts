import type { FormField, IntakeForm } from '@opennrm/country';
import { type Answers, askedFields, missingFields } from './asked-fields.ts';

const NOTE = 'e0000000-0000-4000-8000-000000000001';

/** A valid answer to a field: the first of its options. */
export const answerTo = ({ kind, options = [] }: FormField): string[] => {
  if (kind === 'choice' || kind === 'choices') return [options[0] ?? ''];
  if (kind === 'checkbox') return ['yes'];
  return kind === 'number' ? ['2'] : [NOTE];
};

/** Answers all required fields on the path of the answers, as an adult who wishes to be referred unless `before` differs. */
export function complete(form: IntakeForm, before: Answers = {}): Answers {
  const { field, is } = form.mustAgree.adult;
  let answers: Answers = { [field]: is.slice(0, 1), ...before };
  for (
    let left = missingFields(form, answers, 'decided');
    left.length > 0;
    left = missingFields(form, answers, 'decided')
  ) {
    const next = askedFields(form, answers).find(({ id }) => id === left[0]);
    if (next) answers = { ...answers, [next.id]: answerTo(next) };
  }
  return answers;
}
