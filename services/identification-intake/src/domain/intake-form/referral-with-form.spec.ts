import type { IntakeForm } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
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
import { type Answers, askedFields } from './asked-fields.ts';
import type { Changes } from './filling.ts';
import { complete } from './form.fixture.ts';

const albion = (await loadCountryPack('infra/countries/albion')).intakeForm as IntakeForm;
const rules = await rulesOfCountry('albion');
const NOTE = 'e0000000-0000-4000-8000-000000000009';
const names = (answers: Answers): string[] => askedFields(albion, answers).map(({ id }) => id);

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
  ] as const)(
    'of a person recorded as %s is not sent when the form states "under age: %s"',
    (age, answer) => {
      expect(filledWith(age, { 'pv-under-age': [answer] })).toMatchObject({
        refusal: 'age-differs',
        field: 'answers',
      });
    },
  );

  it.each([
    ['adult', 'no'],
    ['child', 'yes'],
    ['child', 'not-sure'],
    ['unsure', 'yes'],
    ['unsure', 'not-sure'],
  ] as const)(
    'of a person recorded as %s is sent when the form states "under age: %s"',
    (age, answer) => {
      expect(filledWith(age, { 'pv-under-age': [answer] })).toMatchObject({ kind: 'accepted' });
    },
  );

  it('is not sent when the form states that the person does not wish it', () => {
    const declined = { 'pv-want-to-submit-nrm': ['no'] };
    expect(filledWith('adult', declined)).toMatchObject({
      refusal: 'declined-in-form',
      field: 'answers',
    });
    // An answer from before it was known that the person is a child is no longer asked, and does not count.
    const said = complete(albion, declined);
    const child = new Story().begin(beginning('child'), rules).next(fills(said));
    const { 'pv-want-to-submit-nrm': _no, ...asChild } = complete(albion, {
      ...said,
      'pv-under-age': ['yes'],
    });
    child.next(fills({ 'pv-under-age': ['yes'] })).next(fills(onlyAsked(asChild)));
    expect(submits(child.now())).toMatchObject({ kind: 'accepted' });
  });

  it('is not decided before its required fields are answered; evidence may follow later', () => {
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

  it('keeps every answer and every change in its history', () => {
    const story = draft()
      .next(fills({ 'pv-under-age': ['yes'] }))
      .next(fills({ 'pv-under-age': ['no'] }));
    expect(
      story.events.flatMap((event) => (event.type === 'FormAnswered' ? [event.changes] : [])),
    ).toEqual([{ 'pv-under-age': ['yes'] }, { 'pv-under-age': ['no'] }]);
  });

  it('refuses an answer that violates a rule of the form', () =>
    expect(fills({ 'pv-under-age': ['perhaps'] })(draft().now())).toMatchObject({
      refusal: 'form-answer-wrong',
      field: 'answers',
    }));

  it('accepts no answer when it is over, or in a country without a form', async () => {
    const over = draft().next((procedure) => withdrawProcess(procedure, responder.person));
    expect(fills({ 'pv-under-age': ['no'] })(over.now())).toMatchObject({ refusal: 'withdrawn' });
    const sample = await rulesOfCountry('sample');
    const without = new Story().begin(beginning(), sample).now();
    const asked_ = { changes: { 'pv-under-age': ['no'] }, by: responder.person, at: noon };
    expect(answerForm(without, asked_, sample)).toMatchObject({ refusal: 'no-form' });
  });
});
