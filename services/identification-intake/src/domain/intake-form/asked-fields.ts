import type { FormCondition, FormField, IntakeForm } from '@opennrm/country';

/** The answers of a form: for each field its codes, ids or number, never free text. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/**
 * The fields on the path that the answers take, in their order. Only an answer to a field of this path counts at a branch. An answer on
 * another path is kept but decides nothing.
 */
export function askedFields(form: IntakeForm, answers: Answers): FormField[] {
  const steps = new Map(form.steps.map((one) => [one.id, one]));
  const fields = new Map(form.fields.map((one) => [one.id, one]));
  const path = new Map<string, FormField>();
  const holds = ({ field, is }: FormCondition): boolean => {
    const given = path.has(field) ? (answers[field] ?? []) : [];
    return is === undefined ? given.length > 0 : is.some((one) => given.includes(one));
  };
  for (let id: string | undefined = form.first; id !== undefined; ) {
    const step = steps.get(id);
    if (!step) break;
    for (const name of step.fields) {
      const field = fields.get(name);
      if (field && (!field.askedWhen || holds(field.askedWhen))) path.set(name, field);
    }
    id = step.branches.find(({ when }) => holds(when))?.to ?? step.next;
  }
  return [...path.values()];
}

const ORDER = ['submitted', 'decided'] as const;
export type NeededBy = (typeof ORDER)[number];

/** The fields that must still be answered before this stage. */
export const missingFields = (form: IntakeForm, answers: Answers, by: NeededBy): string[] =>
  askedFields(form, answers)
    .filter(
      ({ neededBy }) => neededBy !== undefined && ORDER.indexOf(neededBy) <= ORDER.indexOf(by),
    )
    .filter(({ id }) => (answers[id] ?? []).length === 0)
    .map(({ id }) => id);

/** A contradiction between form and referral: the age, or the wish to be referred. A person who may be a child counts as one. */
export function formMismatch(
  form: IntakeForm,
  answers: Answers,
  age: 'adult' | 'child' | 'unsure',
): 'age-differs' | 'declined-in-form' | undefined {
  const path = new Set(askedFields(form, answers).map(({ id }) => id));
  const matches = ({
    field,
    is,
  }: {
    readonly field: string;
    readonly is: readonly string[];
  }): boolean => path.has(field) && is.some((one) => (answers[field] ?? []).includes(one));
  if (matches(form.mustAgree.adult) ? age !== 'adult' : age === 'adult') return 'age-differs';
  return matches(form.mustAgree.declined) ? 'declined-in-form' : undefined;
}
