import type { IntakeForm } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { FormalProcess } from '../domain/formal-process/procedure.ts';
import { answerForm } from '../domain/formal-process/referring.ts';
import { type Changes, type FormProblem, problemsOf } from '../domain/intake-form/filling.ts';
import { type CountryData, rulesById } from './country-data.ts';
import { asReferrer, change, read as readProcedure } from './procedures.ts';

/** A procedure, and the form of its pack. */
export interface Filled {
  readonly procedure: FormalProcess;
  readonly form: IntakeForm;
}

/** Reads the form with its answers. Logged like any read of the procedure. */
export async function read(
  tx: Transaction,
  country: CountryData,
  { processId, purpose }: { readonly processId: string; readonly purpose: string },
  call: Call,
): Promise<Answer<Filled>> {
  const given = await readProcedure(tx, country, processId, purpose, call);
  return given.kind === 'refused' ? given : withForm(tx, country, given.response);
}

/** Answers fields, all of them or none. When one is wrong, all problems are reported by field. */
export async function fill(
  tx: Transaction,
  country: CountryData,
  { processId, changes }: { readonly processId: string; readonly changes: Changes },
  call: Call,
): Promise<Answer<Filled>> {
  let problems: readonly FormProblem[] = [];
  const given = await change(
    tx,
    country,
    processId,
    call,
    asReferrer(call, (procedure, rules) => {
      if (rules.form) problems = problemsOf(rules.form, procedure.answers, changes);
      return answerForm(procedure, { changes, by: call.actor.person, at: call.at }, rules);
    }),
  );
  if (given.kind === 'refused')
    return given.refusal === 'form-answer-wrong' ? { ...given, problems } : given;
  return withForm(tx, country, given.response);
}

async function withForm(
  tx: Transaction,
  country: CountryData,
  procedure: FormalProcess,
): Promise<Answer<Filled>> {
  const { form } = await rulesById(tx, country, procedure.ruleVersion);
  return form ? answer({ procedure, form }) : refused('no-form', 'process_id');
}
