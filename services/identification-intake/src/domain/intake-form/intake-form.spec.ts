import type { IntakeForm } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../formal-process/deciding.ts';
import {
  beginning,
  first,
  noon,
  responder,
  rulesOfCountry,
  Story,
  submission,
  verdict,
} from '../formal-process/procedure.fixture.ts';
import type { FormalProcess } from '../formal-process/procedure.ts';
import { answerForm, submitProcess, takeUp, withdrawProcess } from '../formal-process/referring.ts';
import { type Answers, askedFields, missingFields } from './asked-fields.ts';
import { type Changes, filled, problemsOf } from './filling.ts';
import { answerTo, complete } from './form.fixture.ts';

const albion = (await loadCountryPack('infra/countries/albion')).intakeForm as IntakeForm;
const rules = await rulesOfCountry('albion');
const NOTE = 'e0000000-0000-4000-8000-000000000009';
const names = (answers: Answers): string[] => askedFields(albion, answers).map(({ id }) => id);
const rulesBroken = (changes: Changes, before: Answers = {}) =>
  problemsOf(albion, before, changes).map(({ field, rule }) => `${field} ${rule}`);

describe('a road through the form', () => {
  it('asks of a child what it asks of no adult', () => {
    const school = 'local-authority-contacted-about-child-local-authority-name';
    expect(names({ 'pv-under-age': ['yes'] })).toContain(school);
    expect(names({ 'pv-under-age': ['no'] })).not.toContain(school);
    expect(names({ 'pv-under-age': ['no'] })).toContain('pv-under-age-at-time-of-exploitation');
  });

  it('asks no child, and nobody who may be one, whether they wish to be referred', () => {
    for (const answer of ['yes', 'not-sure']) {
      const path = names(complete(albion, { 'pv-under-age': [answer] }));
      expect(path).not.toContain('pv-want-to-submit-nrm');
      expect(path).toContain('pv-dob');
    }
    expect(names(complete(albion))).toContain('pv-want-to-submit-nrm');
  });

  it('asks on where an answer asks for more', () => {
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

  it('of one who does not want to be referred leads to what the law allows to be notified, and not to the contact of the person', () => {
    const no = names({ 'pv-want-to-submit-nrm': ['no'] });
    expect(no).toContain('pv-gender');
    expect(no).not.toContain('pv-dob');
  });

  it('misses no field of it that may be left open', () => {
    const firstName = 'local-authority-contacted-about-child-local-authority-first-name';
    const child = { 'pv-under-age': ['yes'] };
    expect(names(child)).toContain(firstName);
    expect(missingFields(albion, child, 'decided')).not.toContain(firstName);
  });

  it('forgets no answer of a road that was left, and does not count it', () => {
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
  it('that are wrong are named all at once, by field and rule, and never repeated', () =>
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
      'reference must be the id of a sealed note: words have no place in a form',
      'types-of-exploitation-other must be yes, or nothing',
      'answers names a field that is not in this form',
      'pv-dob must be the id of a sealed note: words have no place in a form',
    ]));

  it('count on the road that they take together', () => {
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

  it('may be taken back, whatever their kind', () => {
    expect(filled({ reference: [NOTE] }, { reference: [] })).toEqual({});
    expect(rulesBroken({ 'pv-under-age': [] }, { 'pv-under-age': ['yes'] })).toEqual([]);
  });

  it('of which one is no option are wrong, though another is', () => {
    const several = albion.fields.find(({ kind, askedWhen }) => kind === 'choices' && !askedWhen);
    const [id, option] = [several?.id ?? '', several?.options?.[0] ?? ''];
    expect(problemsOf(albion, {}, { [id]: [option, 'no-option'] })).toMatchObject([
      { field: id, rule: 'must be some of its options, each once' },
    ]);
  });

  it('that only have to be there ask for more once they are', () => {
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

const onlyAsked = (answers: Answers): Answers => {
  const path = new Set(names(answers));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => path.has(id)));
};

describe('a referral in a country with a form', () => {
  const draft = () => new Story().begin(beginning(), rules);
  const fills =
    (changes: Changes) =>
    (procedure: FormalProcess): ReturnType<typeof answerForm> =>
      answerForm(procedure, { changes, by: responder.person, at: noon }, rules);
  const submits = (procedure: FormalProcess) => submitProcess(procedure, submission(), rules);

  it('is not sent before its form is complete', () => {
    expect(submits(draft().now())).toMatchObject({ refusal: 'form-incomplete', field: 'answers' });
    expect(
      submits(
        draft()
          .next(fills(complete(albion)))
          .now(),
      ),
    ).toMatchObject({ kind: 'accepted' });
  });

  const filledWith = (age: 'adult' | 'child' | 'unsure', more: Answers) =>
    submits(
      new Story()
        .begin(beginning(age), rules)
        .next(fills(complete(albion, more)))
        .now(),
    );

  it.each([
    ['adult', 'yes'],
    ['adult', 'not-sure'],
    ['child', 'no'],
    ['unsure', 'no'],
  ] as const)('as somebody %s is not sent with a form that says "under age: %s"', (age, answer) => {
    expect(filledWith(age, { 'pv-under-age': [answer] })).toMatchObject({
      refusal: 'age-differs',
      field: 'answers',
    });
  });

  it.each([
    ['adult', 'no'],
    ['child', 'yes'],
    ['child', 'not-sure'],
    ['unsure', 'yes'],
    ['unsure', 'not-sure'],
  ] as const)('as somebody %s is sent with a form that says "under age: %s"', (age, answer) => {
    expect(filledWith(age, { 'pv-under-age': [answer] })).toMatchObject({ kind: 'accepted' });
  });

  it('is not sent where the form says that the person does not wish it', () => {
    const declined = { 'pv-want-to-submit-nrm': ['no'] };
    expect(filledWith('adult', declined)).toMatchObject({
      refusal: 'declined-in-form',
      field: 'answers',
    });
    // What was answered before it was known that the person is a child is no longer asked, and does not count.
    const said = complete(albion, declined);
    const child = new Story().begin(beginning('child'), rules).next(fills(said));
    const { 'pv-want-to-submit-nrm': _no, ...asChild } = complete(albion, {
      ...said,
      'pv-under-age': ['yes'],
    });
    child.next(fills({ 'pv-under-age': ['yes'] })).next(fills(onlyAsked(asChild)));
    expect(submits(child.now())).toMatchObject({ kind: 'accepted' });
  });

  it('is not decided before what the decision needs is there: evidence may follow', () => {
    const evidence = 'what-evidence-you-will-submit';
    const { [evidence]: _later, ...before } = complete(albion, { 'upload-file': [NOTE] });
    const pending = draft()
      .next(fills(before))
      .next(submits)
      .next((procedure) => takeUp(procedure, first));
    expect(decide(pending.now(), verdict('positive'), rules)).toMatchObject({
      refusal: 'form-incomplete',
    });
    pending.next(fills({ [evidence]: [NOTE] }));
    expect(decide(pending.now(), verdict('positive'), rules)).toMatchObject({ kind: 'accepted' });
  });

  it('keeps every answer and every change of one in its history', () => {
    const story = draft()
      .next(fills({ 'pv-under-age': ['yes'] }))
      .next(fills({ 'pv-under-age': ['no'] }));
    expect(
      story.events.flatMap((event) => (event.type === 'FormAnswered' ? [event.changes] : [])),
    ).toEqual([{ 'pv-under-age': ['yes'] }, { 'pv-under-age': ['no'] }]);
  });

  it('keeps no answer that breaks a rule of the form', () =>
    expect(fills({ 'pv-under-age': ['perhaps'] })(draft().now())).toMatchObject({
      refusal: 'form-answer-wrong',
      field: 'answers',
    }));

  it('takes no answer when it is over, and none in a country without a form', async () => {
    const over = draft().next((procedure) => withdrawProcess(procedure, responder.person));
    expect(fills({ 'pv-under-age': ['no'] })(over.now())).toMatchObject({ refusal: 'withdrawn' });
    const sample = await rulesOfCountry('sample');
    const without = new Story().begin(beginning(), sample).now();
    const asked_ = { changes: { 'pv-under-age': ['no'] }, by: responder.person, at: noon };
    expect(answerForm(without, asked_, sample)).toMatchObject({ refusal: 'no-form' });
  });
});

describe('whatever is answered, and in whatever order', () => {
  const field = fc.constantFrom(...albion.fields);
  const change = fc.tuple(field, fc.boolean(), fc.nat(20)).map(([one, back, nth]): Changes => {
    const options = one.options ?? [];
    const answer = options.length > 0 ? [options[nth % options.length] ?? ''] : answerTo(one);
    return { [one.id]: back ? [] : answer };
  });

  it('a road ends; nothing off it is missing; and what is complete has nothing missing', () =>
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
