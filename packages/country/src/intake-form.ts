import { z } from 'zod';
import { code } from './code.ts';

const name = z.string().regex(/^[a-z0-9-]{1,80}$/, 'must be small letters, digits and hyphens');

/** True when an earlier field has one of these answers, or any answer. */
const condition = z
  .strictObject({
    field: name,
    is: z.array(code).min(1).optional(),
    answered: z.literal(true).optional(),
  })
  .refine(
    (one) => (one.is === undefined) !== (one.answered === undefined),
    'must have either is or answered',
  );

const answered = z.strictObject({ field: name, is: z.array(code).min(1) });

/**
 * - `choice`, `choices`: one or several of the options; `checkbox`: ticked or not;
 * - `number`: a whole number up to 999;
 * - `sealed`: text, a date or a place, of which the form holds only the id of a sealed note;
 * - `files`: ids of attached files.
 */
const kind = z.enum(['choice', 'choices', 'checkbox', 'number', 'sealed', 'files']);

const field = z
  .strictObject({
    id: name,
    kind,
    options: z.array(code).min(1).max(500).optional(),
    askedWhen: condition.optional(),
    /** The stage at which the field must have an answer: before the form is sent to the authority, or before the authority decides. */
    neededBy: z.enum(['submitted', 'decided']).optional(),
  })
  .refine(
    (one) => (one.kind === 'choice' || one.kind === 'choices') === (one.options !== undefined),
    'must have options if it is a choice, and only then',
  );

const step = z.strictObject({
  id: name,
  fields: z.array(name).min(1).max(50),
  /** The next step when the condition of no branch holds. Without `next` the form ends here. */
  next: name.optional(),
  branches: z.array(z.strictObject({ to: name, when: condition })).max(10),
});

const schema = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d{1,3}$/, 'must be year.number'),
  source: z.string().min(1).max(300),
  first: name,
  /** Answers that the referral must agree with: that the person is an adult, and that the person does not wish to be referred. */
  mustAgree: z.strictObject({ adult: answered, declined: answered }),
  steps: z.array(step).min(1).max(300),
  fields: z.array(field).min(1).max(500),
  /** Fields of the source that are omitted, and why. */
  omitted: z.array(z.strictObject({ field: name, reason: z.string().min(1) })),
});

export type IntakeForm = z.infer<typeof schema>;
export type FormField = IntakeForm['fields'][number];
export type FormCondition = z.infer<typeof condition>;

/** The form with which a person is referred to the authority of a country: the fields of each path, and when they are needed. */
export const intakeForm = schema.superRefine((form, context) => {
  for (const { path, message } of problemsOf(form))
    context.addIssue({ code: 'custom', path: [...path], message });
});

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function problemsOf(form: IntakeForm): Problem[] {
  const steps = new Map(form.steps.map((one) => [one.id, one]));
  const fields = new Map(form.fields.map((one) => [one.id, one]));
  const asked = new Set(form.steps.flatMap((one) => one.fields));
  const reached = reachableFrom(form.first, steps);
  const when = (condition: FormCondition, path: readonly PropertyKey[]): Problem[] => {
    const of = fields.get(condition.field);
    if (!of) return [{ path, message: `names an unknown field, ${condition.field}` }];
    const options = of.kind === 'checkbox' ? ['yes'] : (of.options ?? []);
    const strange = condition.is?.find((one) => !options.includes(one));
    return strange === undefined
      ? []
      : [{ path, message: `${condition.field} has no option ${strange}` }];
  };
  const unknownStep = (id: string | undefined, path: readonly PropertyKey[]): Problem[] =>
    id === undefined || steps.has(id) ? [] : [{ path, message: `names an unknown step, ${id}` }];
  return [
    ...(steps.size < form.steps.length ? [{ path: ['steps'], message: 'names a step twice' }] : []),
    ...(fields.size < form.fields.length
      ? [{ path: ['fields'], message: 'names a field twice' }]
      : []),
    ...unknownStep(form.first, ['first']),
    ...when(form.mustAgree.adult, ['mustAgree', 'adult']),
    ...when(form.mustAgree.declined, ['mustAgree', 'declined']),
    ...form.steps.flatMap((one, nth) => [
      ...unknownStep(one.next, ['steps', nth, 'next']),
      ...one.branches.flatMap((branch, at) => [
        ...unknownStep(branch.to, ['steps', nth, 'branches', at, 'to']),
        ...when(branch.when, ['steps', nth, 'branches', at, 'when']),
      ]),
      ...one.fields.flatMap((id) =>
        fields.has(id)
          ? []
          : [{ path: ['steps', nth, 'fields'], message: `names an unknown field, ${id}` }],
      ),
      ...(reached.has(one.id)
        ? []
        : [{ path: ['steps', nth], message: `is on no path from ${form.first}` }]),
    ]),
    ...form.fields.flatMap((one, nth) => [
      ...(asked.has(one.id) ? [] : [{ path: ['fields', nth], message: 'is in no step' }]),
      ...(one.askedWhen ? when(one.askedWhen, ['fields', nth, 'askedWhen']) : []),
    ]),
    ...(hasCycle(form.first, steps)
      ? [{ path: ['steps'], message: 'has a path that never ends' }]
      : []),
  ];
}

type Steps = ReadonlyMap<string, IntakeForm['steps'][number]>;

const after = (steps: Steps, id: string): string[] => {
  const one = steps.get(id);
  return one
    ? [...one.branches.map(({ to }) => to), ...(one.next === undefined ? [] : [one.next])]
    : [];
};

function reachableFrom(first: string, steps: Steps): Set<string> {
  const reached = new Set([first]);
  for (const id of reached) for (const next of after(steps, id)) reached.add(next);
  return reached;
}

function hasCycle(first: string, steps: Steps): boolean {
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string): boolean => {
    if (open.has(id)) return true;
    if (done.has(id)) return false;
    open.add(id);
    const round = after(steps, id).some(visit);
    open.delete(id);
    done.add(id);
    return round;
  };
  return visit(first);
}
