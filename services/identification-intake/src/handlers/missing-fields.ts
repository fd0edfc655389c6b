import type { Answer, Transaction } from '@opennrm/runtime';
import { fileOfProcedure, identificationFiles } from '../adapters/identification-files.ts';
import { missing, type NeededBy } from '../domain/intake-form/walk.ts';
import { type Ground, rulesById } from './ground.ts';

/** Where a form is not complete, every field that is missing is named. */
export async function withFields<Response>(
  tx: Transaction,
  ground: Ground,
  processId: string,
  given: Answer<Response>,
  by: NeededBy,
): Promise<Answer<Response>> {
  if (given.kind !== 'refused' || given.refusal !== 'form-incomplete') return given;
  return { ...given, problems: await missingFields(tx, ground, processId, by) };
}

async function missingFields(tx: Transaction, ground: Ground, processId: string, by: NeededBy) {
  const caseReference = await fileOfProcedure(tx, processId);
  const file = caseReference === undefined ? undefined : await identificationFiles.find(tx, caseReference);
  if (!file?.procedure) return [];
  const { form } = await rulesById(tx, ground, file.procedure.ruleVersion);
  return form ? missing(form, file.procedure.answers, by).map((field) => ({ field, rule: NEEDED[by] })) : [];
}

const NEEDED = {
  submitted: 'must be answered before this is sent to the authority',
  decided: 'must be answered before the authority decides',
} as const;
