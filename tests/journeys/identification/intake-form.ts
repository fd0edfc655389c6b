import { status } from '@grpc/grpc-js';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { draftCase, recordPermission } from './cases.ts';
import type { TestCountry } from './country.ts';
import { answer, fillForm, formOf, readForm } from './form.ts';

export function intakeForm(country: () => TestCountry): void {
  it('asks step by step, reports errors by field, and must be complete before it is submitted', async () => {
    const { client, world, authority } = country();
    const forms = formOf(country());
    world.onJourneyEnd(async () => forms.close());
    const person = await draftCase(country());
    const { processId } = person;
    const adult = await answer(country(), forms, processId, [
      { field: 'pv-under-age', values: ['no'] },
    ]);
    expect(adult.fields.map(({ id }) => id)).toContain('pv-under-age-at-time-of-exploitation');
    expect(adult.missingToSubmit.length).toBeGreaterThan(30);

    const wrong = await answer(country(), forms, processId, [
      { field: 'pv-gender', values: ['Synthetic'] },
      { field: 'reference', values: ['Synthetic words of nobody'] },
      { field: 'are-others-involved', values: ['yes'] },
    ]).catch((error: { code: number; details: string }) => error);
    expect(wrong).toMatchObject({ code: status.INVALID_ARGUMENT });
    const { details } = wrong as { details: string };
    expect(details).toContain('pv-gender: must be one of its options');
    expect(details).toContain('reference: must be the id of a sealed note');
    expect(details).not.toContain('Synthetic');
    const unchanged = await readForm(country(), forms, processId);
    expect(unchanged.fields.find(({ id }) => id === 'are-others-involved')?.values).toEqual([]);

    await recordPermission(country(), person.caseId, authority);
    const submits = async () =>
      call(
        client,
        'submitIdentification',
        { processId, personInformedOfPowers: false },
        await world.responders.as('responder'),
      );
    const early = await submits().catch((error: { details: string }) => error);
    expect(refusalOf(early)).toBe('form-incomplete');
    expect((early as { details: string }).details).toContain(
      'pv-gender: must be answered before this is sent',
    );
    await fillForm(country(), person);
    expect((await readForm(country(), forms, processId)).missingToDecide).toEqual([]);

    const stranger = await world.organisation().as('responder');
    const foreign = call(
      forms,
      'answerIntakeForm',
      { processId, answers: [{ field: 'pv-gender', values: [] }] },
      stranger,
    );
    expect(await foreign.catch(refusalOf)).toBe('not-found');
  });
}
