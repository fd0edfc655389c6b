import { randomUUID } from 'node:crypto';
import {
  type FormField,
  IntakeFormServiceClient,
  type IntakeFormState,
} from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import { call, connect } from '@opennrm/runtime';
import type { Identified, TestCountry } from './country.ts';

/** Fills in the country's form along whichever road the answers take, as a responder would page by page; nothing where there is none. */
export async function fillForm(
  country: TestCountry,
  { processId }: Pick<Identified, 'processId'>,
): Promise<void> {
  if (!country.pack.intakeForm) return;
  const client = formOf(country);
  try {
    let form = await readForm(country, client, processId);
    while (form.missingToDecide.length > 0) {
      const open = form.fields.filter(({ id }) => form.missingToDecide.includes(id));
      const answers = open
        .slice(0, 1)
        .map((one) => ({ field: one.id, values: answerTo(one, country) }));
      form = await answer(country, client, processId, answers);
    }
  } finally {
    client.close();
  }
}

export const formOf = ({ world }: TestCountry): IntakeFormServiceClient =>
  connect(
    IntakeFormServiceClient,
    world.platform
      .service('identification-intake')
      .replicas.map((one) => one.grpcAddress)
      .join(','),
  );

export async function readForm(
  { world }: TestCountry,
  client: IntakeFormServiceClient,
  processId: string,
): Promise<IntakeFormState> {
  const asked = { processId, purpose: 'identification-decision' };
  const { form } = await call(
    client,
    'getIntakeForm',
    asked,
    await world.responders.as('responder'),
  );
  if (!form) throw new Error('no form');
  return form;
}

export async function answer(
  { world }: TestCountry,
  client: IntakeFormServiceClient,
  processId: string,
  answers: { readonly field: string; readonly values: string[] }[],
): Promise<IntakeFormState> {
  const { form } = await call(
    client,
    'answerIntakeForm',
    { processId, answers },
    await world.responders.as('responder'),
  );
  if (!form) throw new Error('no form');
  return form;
}

/** As the referral has it: an adult who wishes to be referred. */
function answerTo({ id, kind, options }: FormField, { pack }: TestCountry): string[] {
  const { adult, declined } = pack.intakeForm?.mustAgree ?? {};
  if (id === adult?.field) return adult.is.slice(0, 1);
  if (id === declined?.field)
    return options.filter((one) => !declined?.is.includes(one)).slice(0, 1);
  if (kind === 'choice' || kind === 'choices') return options.slice(0, 1);
  if (kind === 'checkbox') return ['yes'];
  return kind === 'number' ? ['1'] : [randomUUID()];
}
