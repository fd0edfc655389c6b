import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { importUkForm } from '../../../infra/countries/import-uk-form.ts';
import { type IntakeForm, intakeForm } from './intake-form.ts';
import { loadCountryPack } from './load.ts';

const albion = 'infra/countries/albion';

describe('the form of albion', () => {
  it('equals the result of the importer for its source', async () => {
    const written = JSON.parse(await readFile(`${albion}/intake-form.json`, 'utf8')) as unknown;
    expect(written).toEqual(JSON.parse(JSON.stringify(await importUkForm())));
  });

  it('covers all 142 fields of the source: each is asked, or omitted with a reason', async () => {
    const { intakeForm: form } = await loadCountryPack(albion);
    const source = JSON.parse(
      await readFile(`${albion}/source/uk-nrm-form-fields.json`, 'utf8'),
    ) as { fields: object };
    const [asked, omitted] = [
      form?.fields.map(({ id }) => id) ?? [],
      form?.omitted.map(({ field }) => field) ?? [],
    ];
    expect([...asked, ...omitted].sort()).toEqual(Object.keys(source.fields).sort());
    expect([asked.length, omitted.length]).toEqual([138, 4]);
  });

  it('holds no free text: an answer that is not a code, number or file is sealed', async () => {
    const { intakeForm: form } = await loadCountryPack(albion);
    const kinds = Object.groupBy(form?.fields ?? [], ({ kind }) => kind);
    expect(
      Object.fromEntries(Object.entries(kinds).map(([kind, list]) => [kind, list?.length])),
    ).toEqual({
      choice: 27,
      choices: 2,
      checkbox: 13,
      number: 1,
      sealed: 94,
      files: 1,
    });
  });

  it('is used only by albion: a country may have no form', async () => {
    for (const name of ['sample', 'islets'])
      expect((await loadCountryPack(`infra/countries/${name}`)).intakeForm).toBeUndefined();
  });
});

const form: IntakeForm = {
  version: '2026.1',
  source: 'made up',
  first: 'one',
  omitted: [],
  mustAgree: { adult: { field: 'age', is: ['adult'] }, declined: { field: 'school', is: ['yes'] } },
  steps: [
    {
      id: 'one',
      fields: ['age'],
      next: 'two',
      branches: [{ to: 'three', when: { field: 'age', is: ['child'] } }],
    },
    { id: 'two', fields: ['note'], branches: [] },
    { id: 'three', fields: ['school'], next: 'two', branches: [] },
  ],
  fields: [
    { id: 'age', kind: 'choice', options: ['child', 'adult'], neededBy: 'submitted' },
    { id: 'note', kind: 'sealed' },
    { id: 'school', kind: 'checkbox', askedWhen: { field: 'age', answered: true } },
  ],
};
const problems = (wrong: unknown): string[] => {
  const read = intakeForm.safeParse(wrong);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
};
const [one, two, three] = form.steps as [
  IntakeForm['steps'][0],
  IntakeForm['steps'][0],
  IntakeForm['steps'][0],
];

describe('a form with mistakes', () => {
  it('is refused with all its mistakes at once', () =>
    expect(
      problems({
        ...form,
        first: 'nowhere',
        steps: [
          { ...one, branches: [{ to: 'five', when: { field: 'age', is: ['old'] } }] },
          { ...two, fields: ['x'] },
          three,
        ],
      }),
    ).toEqual(
      expect.arrayContaining([
        'first: names an unknown step, nowhere',
        'steps.0.branches.0.to: names an unknown step, five',
        'steps.0.branches.0.when: age has no option old',
        'steps.1.fields: names an unknown field, x',
        'fields.1: is in no step',
      ]),
    ));

  it('is refused with each step that cannot be reached, and with a path that has no end', () => {
    expect(problems({ ...form, steps: [{ ...one, branches: [] }, two, three] })).toEqual([
      'steps.2: is on no path from one',
    ]);
    expect(problems({ ...form, steps: [one, { ...two, next: 'three' }, three] })).toEqual([
      'steps: has a path that never ends',
    ]);
  });

  it('is refused when the referral must agree with an answer that it does not have', () =>
    expect(
      problems({
        ...form,
        mustAgree: {
          adult: { field: 'years', is: ['adult'] },
          declined: { field: 'age', is: ['no'] },
        },
      }),
    ).toEqual([
      'mustAgree.adult: names an unknown field, years',
      'mustAgree.declined: age has no option no',
    ]));

  it('is refused with each duplicate name, and each choice without options', () => {
    expect(problems({ ...form, steps: [...form.steps, two] })).toEqual([
      'steps: names a step twice',
    ]);
    const [age, ...others] = form.fields;
    expect(problems({ ...form, fields: [{ ...age, options: undefined }, ...others] })[0]).toContain(
      'must have options if it is a choice',
    );
  });
});
