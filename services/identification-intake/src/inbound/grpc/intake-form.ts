import type {
  IntakeFormServiceService,
  IntakeFormState,
} from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import {
  type Answer,
  answer,
  codeOf,
  field,
  normalizeId,
  type RpcsOf,
  setOf,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import { askedFields, missingFields } from '../../domain/intake-form/asked-fields.ts';
import type { CountryData } from '../../handlers/country-data.ts';
import { type Filled, fill, read } from '../../handlers/intake-form.ts';

type Rpcs = RpcsOf<typeof IntakeFormServiceService>;

const AT_ONCE = 200;
const VALUES_AT_MOST = 50;
/** A code, a number, or the id of a note or file. The form of the country defines which. */
const value = z
  .string()
  .min(1, 'must not be empty')
  .max(64, 'must be at most 64 characters')
  .transform(normalizeId);
const answers = z
  .array(
    z.object({
      field: z.string().regex(/^[a-z0-9-]{1,80}$/, 'must be the name of a field'),
      values: setOf(value, { most: VALUES_AT_MOST }),
    }),
  )
  .min(1, 'must name a field')
  .max(AT_ONCE, `must be at most ${AT_ONCE} entries`)
  .refine(
    (list) => new Set(list.map((one) => one.field)).size === list.length,
    'names a field twice',
  )
  .transform((list) => Object.fromEntries(list.map((one) => [one.field, one.values])));

/** Maps proto to command and back, for the form of the country pack under which a procedure began. */
export const intakeFormRpcs = (country: CountryData): Rpcs => ({
  getIntakeForm: unary(
    z.object({ processId: field.id, purpose: codeOf(country.packs.current.purposes, 'purpose') }),
    async (tx, request, call) => shown(await read(tx, country, request, call)),
  ),
  answerIntakeForm: unary(z.object({ processId: field.id, answers }), async (tx, request, call) =>
    shown(
      await fill(tx, country, { processId: request.processId, changes: request.answers }, call),
    ),
  ),
});

const shown = (given: Answer<Filled>): Answer<{ form: IntakeFormState }> =>
  given.kind === 'refused' ? given : answer({ form: stateView(given.response) });

const stateView = ({ form, procedure: { answers: filled } }: Filled): IntakeFormState => ({
  formVersion: form.version,
  fields: askedFields(form, filled).map(({ id, kind, options = [], neededBy = '' }) => ({
    id,
    kind,
    options: [...options],
    neededBy,
    values: [...(filled[id] ?? [])],
  })),
  missingToSubmit: missingFields(form, filled, 'submitted'),
  missingToDecide: missingFields(form, filled, 'decided'),
});
