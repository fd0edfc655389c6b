import type { FormCondition, FormField, IntakeForm } from '@opennrm/country';

/** What stands in a form: for each field its codes, ids or number; never a word. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/**
 * The fields that are asked on the road that the answers take, in their order. Only an answer to a field of this road counts at a fork: what was
 * answered on another road is kept, and decides nothing.
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

/** What must still be answered before this state. */
export const missingFields = (form: IntakeForm, answers: Answers, by: NeededBy): string[] =>
  askedFields(form, answers)
    .filter(
      ({ neededBy }) => neededBy !== undefined && ORDER.indexOf(neededBy) <= ORDER.indexOf(by),
    )
    .filter(({ id }) => (answers[id] ?? []).length === 0)
    .map(({ id }) => id);

/**
 * Contradictions between form and referral: the age, or the wish to be referred. Whoever may be a child counts as one.
 */
export function formMismatch(
  form: IntakeForm,
  answers: Answers,
  age: 'adult' | 'child' | 'unsure',
): 'age-differs' | 'declined-in-form' | undefined {
  const path = new Set(askedFields(form, answers).map(({ id }) => id));
  const says = ({
    field,
    is,
  }: {
    readonly field: string;
    readonly is: readonly string[];
  }): boolean => path.has(field) && is.some((one) => (answers[field] ?? []).includes(one));
  if (says(form.mustAgree.adult) ? age !== 'adult' : age === 'adult') return 'age-differs';
  return says(form.mustAgree.declined) ? 'declined-in-form' : undefined;
}
