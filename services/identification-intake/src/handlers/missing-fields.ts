import type { Answer } from '@opennrm/runtime';
import type { FormalProcess } from '../domain/formal-process/procedure.ts';
import type { Rules } from '../domain/formal-process/rules.ts';
import { missingFields, type NeededBy } from '../domain/intake-form/asked-fields.ts';
import type { FormProblem } from '../domain/intake-form/filling.ts';

/** Names every missing field when a form is incomplete. `work` reports the procedure that it decides about. */
export async function withMissingFields<Response>(
  by: NeededBy,
  work: (report: (procedure: FormalProcess, rules: Rules) => void) => Promise<Answer<Response>>,
): Promise<Answer<Response>> {
  let problems: readonly FormProblem[] = [];
  const given = await work(({ answers }, { form }) => {
    problems = form
      ? missingFields(form, answers, by).map((field) => ({ field, rule: NEEDED[by] }))
      : [];
  });
  return given.kind === 'refused' && given.refusal === 'form-incomplete'
    ? { ...given, problems }
    : given;
}

const NEEDED = {
  submitted: 'must be answered before this is sent to the authority',
  decided: 'must be answered before the authority decides',
} as const;
