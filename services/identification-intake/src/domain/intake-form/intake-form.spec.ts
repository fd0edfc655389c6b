import type { IntakeForm } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answers, askedFields, missingFields } from './asked-fields.ts';
import { type Changes, filled, problemsOf } from './filling.ts';
import { answerTo, complete } from './form.fixture.ts';

const albion = (await loadCountryPack('infra/countries/albion')).intakeForm as IntakeForm;
const NOTE = 'e0000000-0000-4000-8000-000000000009';
const names = (answers: Answers): string[] => askedFields(albion, answers).map(({ id }) => id);
const rulesBroken = (changes: Changes, before: Answers = {}) =>
  problemsOf(albion, before, changes).map(({ field, rule }) => `${field} ${rule}`);

describe('a path through the form', () => {
  it('asks about a child fields that it does not ask about an adult', () => {
    const school = 'local-authority-contacted-about-child-local-authority-name';
    expect(names({ 'pv-under-age': ['yes'] })).toContain(school);
    expect(names({ 'pv-under-age': ['no'] })).not.toContain(school);
    expect(names({ 'pv-under-age': ['no'] })).toContain('pv-under-age-at-time-of-exploitation');
  });

  it('does not ask a person who is or may be a child whether they wish to be referred', () => {
    for (const answer of ['yes', 'not-sure']) {
      const path = names(complete(albion, { 'pv-under-age': [answer] }));
      expect(path).not.toContain('pv-want-to-submit-nrm');
      expect(path).toContain('pv-dob');
    }
    expect(names(complete(albion))).toContain('pv-want-to-submit-nrm');
  });

  it('asks further fields when an answer requires them', () => {
    expect(names({ 'evidence-of-dishonesty': ['no'] })).not.toContain(
      'evidence-of-dishonesty-details',
    );
    expect(names({ 'evidence-of-dishonesty': ['yes'] })).toContain(
      'evidence-of-dishonesty-details',
    );
    expect(names({ 'types-of-exploitation-other': ['yes'] })).toContain(
      'other-exploitation-details',
    );
  });

  it('for a person who does not wish to be referred asks only what the law allows to be notified, and not their contact details', () => {
    const no = names({ 'pv-want-to-submit-nrm': ['no'] });
    expect(no).toContain('pv-gender');
    expect(no).not.toContain('pv-dob');
  });

  it('does not report an optional field as missing', () => {
    const firstName = 'local-authority-contacted-about-child-local-authority-first-name';
    const child = { 'pv-under-age': ['yes'] };
    expect(names(child)).toContain(firstName);
    expect(missingFields(albion, child, 'decided')).not.toContain(firstName);
  });

  it('keeps an answer of a path that was left, and does not count it', () => {
    const child = {
      'pv-under-age': ['yes'],
      'local-authority-contacted-about-child-local-authority-phone': [NOTE],
    };
    const adult = filled(child, { 'pv-under-age': ['no'] });
    expect(names(adult)).not.toContain(
      'local-authority-contacted-about-child-local-authority-phone',
    );
    expect(names(filled(adult, { 'pv-under-age': ['not-sure'] }))).toContain(
      'local-authority-contacted-about-child-local-authority-phone',
    );
  });
});

describe('answers', () => {
  it('that are wrong are reported together, by field and rule, without the answers', () =>
    expect(
      rulesBroken({
        'pv-under-age': ['perhaps'],
        'pv-gender': ['female', 'male'],
        reference: ['Synthetic words of nobody'],
        'types-of-exploitation-other': ['no'],
        'who-is-it': ['Synthetic'],
        'pv-dob': ['2012-05-01'],
      }),
    ).toEqual([
      'pv-under-age must be one of its options',
      'pv-gender must be one of its options',
      'reference must be the id of a sealed note: a form contains no free text',
      'types-of-exploitation-other must be yes, or nothing',
      'answers names a field that is not in this form',
      'pv-dob must be the id of a sealed note: a form contains no free text',
    ]));

  it('count on the path that they take together', () => {
    const details = { 'are-others-involved-details': [NOTE] };
    expect(rulesBroken(details)).toEqual([
      'are-others-involved-details is not asked after these answers',
    ]);
    expect(rulesBroken({ ...details, 'are-others-involved': ['yes'] })).toEqual([]);
    expect(rulesBroken(details, { 'are-others-involved': ['yes'] })).toEqual([]);
  });

  it('are checked by kind: a number, several options, files', () => {
    const children = { 'does-pv-have-children': ['yes'] };
    expect(
      rulesBroken({ ...children, 'does-pv-have-children-yes-amount': ['minus three'] }),
    ).toHaveLength(1);
    expect(rulesBroken({ ...children, 'does-pv-have-children-yes-amount': ['3'] })).toEqual([]);
    expect(
      rulesBroken({ 'pv-under-age': ['no'], 'pv-contact-details': ['email', 'email'] }),
    ).toHaveLength(1);
  });

  it('name at most twenty attached files, each by its id', () => {
    const files = (count: number) => Array.from({ length: count }, () => NOTE);
    expect(rulesBroken({ 'upload-file': files(20) })).toEqual([]);
    for (const wrong of [files(21), [NOTE, 'passport.pdf']])
      expect(rulesBroken({ 'upload-file': wrong })).toEqual([
        'upload-file must be ids of attached files, at most 20',
      ]);
  });

  it('may be removed, whatever their kind', () => {
    expect(filled({ reference: [NOTE] }, { reference: [] })).toEqual({});
    expect(rulesBroken({ 'pv-under-age': [] }, { 'pv-under-age': ['yes'] })).toEqual([]);
  });

  it('with one value that is not an option are wrong', () => {
    const several = albion.fields.find(({ kind, askedWhen }) => kind === 'choices' && !askedWhen);
    const [id, option] = [several?.id ?? '', several?.options?.[0] ?? ''];
    expect(problemsOf(albion, {}, { [id]: [option, 'no-option'] })).toMatchObject([
      { field: id, rule: 'must be some of its options, each once' },
    ]);
  });

  it('that are required by a condition "answered" lead to further fields', () => {
    const [field] = albion.fields;
    const [step] = albion.steps;
    if (!field || !step) throw new Error('a form');
    const fields = [
      { ...field, id: 'a', askedWhen: undefined },
      { ...field, id: 'b', askedWhen: { field: 'a', is: undefined } },
    ];
    const form = {
      ...albion,
      first: step.id,
      fields,
      steps: [{ ...step, fields: ['a', 'b'], branches: [], next: undefined }],
    };
    const on = (answers: Answers) => askedFields(form, answers).map(({ id }) => id);
    expect([on({}), on({ a: ['x'] })]).toEqual([['a'], ['a', 'b']]);
  });
});

describe('for any answers in any order,', () => {
  const field = fc.constantFrom(...albion.fields);
  const change = fc.tuple(field, fc.boolean(), fc.nat(20)).map(([one, back, nth]): Changes => {
    const options = one.options ?? [];
    const answer = options.length > 0 ? [options[nth % options.length] ?? ''] : answerTo(one);
    return { [one.id]: back ? [] : answer };
  });

  it('a path ends, no field off the path is missing, and a complete form has no missing field', () =>
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let answers: Answers = {};
        for (const one of changes)
          if (problemsOf(albion, answers, one).length === 0) answers = filled(answers, one);
        const path = new Set(names(answers));
        expect(missingFields(albion, answers, 'submitted').every((one) => path.has(one))).toBe(
          true,
        );
        expect(missingFields(albion, answers, 'decided')).toEqual(
          expect.arrayContaining(missingFields(albion, answers, 'submitted')),
        );
        const whole = complete(albion, answers);
        expect(missingFields(albion, whole, 'decided')).toEqual([]);
        expect(
          problemsOf(albion, answers, whole).filter(({ rule }) => !rule.startsWith('is not asked')),
        ).toEqual([]);
      }),
    ));
});
