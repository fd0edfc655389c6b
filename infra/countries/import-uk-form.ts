/**
 * `npm run import-uk-form`: makes the intake form of `albion` from the open source of the United Kingdom's referral form
 * (`albion/source`, MIT licence): steps, branching, options and what is required. Labels are not copied.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = new URL('albion/', import.meta.url);

interface SourceField {
  readonly type: string;
  readonly required: boolean;
  readonly validators?: unknown;
  readonly options?: readonly string[];
  readonly dependsOn?: { readonly field: string; readonly value: string };
}

interface SourceStep {
  readonly fields?: readonly string[];
  readonly next?: string;
  readonly forks: readonly { readonly target: string; readonly when: SourceCondition | string }[];
}

type SourceCondition = { readonly field: string; readonly value: string };
type Condition = {
  readonly field: string;
  readonly is?: readonly string[];
  readonly answered?: true;
};

/** Conditions that the source writes as a program. `undefined`: the condition does not exist here; the README gives the reason. */
const PROGRAMS: Readonly<Record<string, Condition | undefined>> = {
  '/where-exploitation-happened-uk /where-exploitation-happened-overseas': {
    field: 'where-exploitation-happened',
    is: ['uk-and-overseas'],
  },
  '/pv-want-to-submit-nrm /pv-name-referral': undefined,
  '/pv-want-to-submit-nrm /refuse-nrm': { field: 'pv-want-to-submit-nrm', is: ['no'] },
  '/pv-ho-reference /fr-details': { field: 'pv-under-age', is: ['yes', 'not-sure'] },
  '/who-contact /someone-else': { field: 'who-contact', is: ['someone-else'] },
  '/upload-evidence /what-evidence-you-will-submit': { field: 'upload-file', answered: true },
};

/**
 * Any answer other than "no" to under 18 makes the referral automatic: a child, or a person who may be one, is not asked for consent. In the source
 * the page itself does this (`automatic-referral`); here the form skips that page and continues with the next page of the source.
 */
const PAST_CONSENT = {
  from: '/authorities-cooperation',
  fork: { to: 'pv-name-referral', when: { field: 'pv-under-age', is: ['yes', 'not-sure'] } },
} as const;

/** Answers that must agree with the referral itself. */
const MUST_AGREE = {
  adult: { field: 'pv-under-age', is: ['no'] },
  declined: { field: 'pv-want-to-submit-nrm', is: ['no'] },
};

/** Needed by the decision, not earlier: evidence may follow later. */
const BY_THE_DECISION = ['what-evidence-you-will-submit'];
const KINDS: Readonly<Record<string, string>> = {
  'radio-group': 'choice',
  'checkbox-group': 'choices',
  checkbox: 'checkbox',
  'input-file': 'files',
};

/** Words, dates, places and lists that the source does not carry are sealed; a number of children is a number. */
const kindOf = ({ type, validators }: SourceField): string =>
  Array.isArray(validators) && validators.includes('numeric')
    ? 'number'
    : (KINDS[type] ?? 'sealed');

const conditionOf = ({ field, value }: SourceCondition): Condition => ({
  field,
  is: [value === 'true' ? 'yes' : value],
});
const nameOf = (path: string): string => path.slice(1);

/** The form as data of the pack, from the two files of the source. */
export async function importUkForm(): Promise<{ readonly intakeForm: object }> {
  const [{ source, fields }, { steps }] = await Promise.all([
    read<{ source: string; fields: Record<string, SourceField> }>('uk-nrm-form-fields.json'),
    read<{ steps: Record<string, SourceStep> }>('uk-nrm-form-journey.json'),
  ]);
  const asks = (path: string): string | undefined => {
    const step = steps[path];
    if (!step) return undefined;
    // A page without a field asks nothing: the next one that does takes its place.
    return step.fields ? path : step.next && asks(step.next);
  };
  const first = asks('/start') ?? '';
  const reached = new Set([first]);
  const made = [];
  for (const path of reached) {
    const step = steps[path] as SourceStep;
    const next = step.next && asks(step.next);
    const branches = step.forks.flatMap(({ target, when }): { to: string; when: Condition }[] => {
      const condition =
        typeof when === 'string' ? PROGRAMS[`${path} ${target}`] : conditionOf(when);
      const to = asks(target);
      return condition && to ? [{ to: nameOf(to), when: condition }] : [];
    });
    if (path === PAST_CONSENT.from)
      branches.push({ to: PAST_CONSENT.fork.to, when: PAST_CONSENT.fork.when });
    for (const { to } of branches) reached.add(`/${to}`);
    if (next) reached.add(next);
    made.push({
      id: nameOf(path),
      fields: step.fields,
      ...(next ? { next: nameOf(next) } : {}),
      branches,
    });
  }
  const asked = new Set(made.flatMap((step) => step.fields ?? []));
  const entries = Object.entries(fields);
  return {
    intakeForm: {
      version: '2023.1',
      source,
      first: nameOf(first),
      mustAgree: MUST_AGREE,
      steps: made,
      fields: entries.filter(([id]) => asked.has(id)).map(([id, one]) => fieldOf(id, one)),
      omitted: entries
        .filter(([id]) => !asked.has(id))
        .map(([id]) => ({ field: id, reason: 'it is on no road of the source' })),
    },
  };
}

function fieldOf(id: string, one: SourceField) {
  const kind = kindOf(one);
  const neededBy = BY_THE_DECISION.includes(id) ? 'decided' : 'submitted';
  return {
    id,
    kind,
    ...(kind === 'choice' || kind === 'choices' ? { options: one.options } : {}),
    ...(one.dependsOn ? { askedWhen: conditionOf(one.dependsOn) } : {}),
    ...(one.required ? { neededBy } : {}),
  };
}

const read = async <Content>(name: string): Promise<Content> =>
  JSON.parse(await readFile(new URL(`source/${name}`, folder), 'utf8')) as Content;

/** The text of the file in the pack. */
export const written = (form: object): string => `${JSON.stringify(form, null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('intake-form.json', folder), written(await importUkForm()));
  process.stdout.write('infra/countries/albion/intake-form.json is written.\n');
}
