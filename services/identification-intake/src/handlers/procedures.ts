import { randomUUID } from 'node:crypto';
import { answerFrom } from '@opennrm/messaging';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import { checkRemovalBar, readProcedure } from '../domain/formal-process/asking.ts';
import { type FormalProcess, isRemovalBarred } from '../domain/formal-process/procedure.ts';
import { type Beginning, beginProcess, submitProcess } from '../domain/formal-process/referring.ts';
import { type ProcessDecision, type Rules, rulesOf } from '../domain/formal-process/rules.ts';
import { type IdentificationFile, procedureIn } from '../domain/identification-file.ts';
import {
  fileOfMarker,
  fileOfProcedure,
  identificationFiles,
} from '../outbound/identification-files.ts';
import { isPermitted } from '../outbound/permissions.ts';
import { isKnown } from '../outbound/references.ts';
import { type CountryData, contextOf, rulesById } from './country-data.ts';
import { withMissingFields } from './missing-fields.ts';

const procedureOf = ({ procedure }: IdentificationFile): FormalProcess => {
  if (!procedure) throw new Error('a stored procedure is not in its file');
  return procedure;
};

type ToBegin = Pick<Beginning, 'processId' | 'caseReference' | 'age'> & {
  readonly authorityId: string;
};

/** Begins a procedure, and its file when there was no screening. A reference that the vault has not announced yet may still arrive. */
export async function begin(
  tx: Transaction,
  country: CountryData,
  { authorityId, ...request }: ToBegin,
  call: Call,
): Promise<Answer<FormalProcess>> {
  const { caseReference, processId } = request;
  if (!(await isKnown(tx, caseReference))) return refused('not-known-yet', 'case_reference');
  if (await fileOfProcedure(tx, processId)) return refused('already-exists', 'process_id');
  const rules = rulesOf(country.packs.current);
  const authority = rules.authorities.find((one) => one.organisationId === authorityId);
  const beginning = { ...request, markerId: randomUUID(), by: call.actor, authority, at: call.at };
  const context = contextOf(call, rules.id);
  const first = beginProcess(undefined, beginning, rules);
  const created = await identificationFiles.create(tx, caseReference, first, context);
  if (created.kind !== 'refused' || created.refusal !== 'already-exists')
    return answerFrom(created, procedureOf, 'process_id');
  const changed = await identificationFiles.change(tx, caseReference, context, ({ procedure }) =>
    beginProcess(procedure, beginning, rules),
  );
  return answerFrom(changed, procedureOf, 'process_id');
}

/** `caseReference`: this service's reference of the case. */
export type Act = (
  procedure: FormalProcess,
  rules: Rules,
  caseReference: string,
) => ProcessDecision | Promise<ProcessDecision>;

/** Changes a procedure under the rules of its pack. For an organisation that it does not concern it does not exist. */
export const change = (
  tx: Transaction,
  country: CountryData,
  processId: string,
  call: Call,
  act: Act,
) =>
  onFile(tx, country, processId, call, (file, procedure, rules) =>
    procedure === file.procedure
      ? act(procedure, rules, file.caseReference)
      : refuse('superseded', 'process_id'),
  );

/** Reads a procedure, current or past. */
export const read = (
  tx: Transaction,
  country: CountryData,
  processId: string,
  purpose: string,
  call: Call,
) =>
  onFile(tx, country, processId, call, (_file, procedure) =>
    readProcedure(procedure, { ...call.actor, purpose, at: call.at }),
  );

/** @param ruleVersion the rules that the journal records, when they are not the procedure's own. */
export async function onFile(
  tx: Transaction,
  country: CountryData,
  processId: string,
  call: Call,
  act: (file: IdentificationFile, procedure: FormalProcess, rules: Rules) => ReturnType<Act>,
  ruleVersion?: string,
): Promise<Answer<FormalProcess>> {
  const caseReference = await fileOfProcedure(tx, processId);
  const found =
    caseReference === undefined ? undefined : await identificationFiles.find(tx, caseReference);
  const before = found && procedureIn(found, processId);
  if (!found || !before) return refused('not-found', 'process_id');
  const context = contextOf(call, ruleVersion ?? before.ruleVersion);
  const outcome = await identificationFiles.change(
    tx,
    found.caseReference,
    context,
    async (file) => {
      const procedure = procedureIn(file, processId);
      if (!procedure || !concerns(procedure, call)) return notFound;
      return act(file, procedure, await rulesById(tx, country, procedure.ruleVersion));
    },
  );
  return answerFrom(
    outcome,
    (file) => procedureIn(file, processId) ?? procedureOf(file),
    'process_id',
  );
}

const notFound: Decision<never, 'not-found'> = refuse('not-found', 'process_id');

/** Whether the organisation is the referrer, or the authority after submission. */
const concerns = ({ referredBy, authority, submission }: FormalProcess, { actor }: Call): boolean =>
  actor.organisation === referredBy ||
  (actor.organisation === authority && submission !== undefined);

/** Allows an act only to the referrer. */
export const asReferrer =
  (call: Call, act: Act): Act =>
  (procedure, rules, caseReference) =>
    procedure.referredBy === call.actor.organisation
      ? act(procedure, rules, caseReference)
      : refuse('not-the-referrer');

/** The powers of an authority besides identification, as the rules list them. */
export const otherPowers = ({ authorities }: Rules, organisation: string): readonly string[] =>
  authorities
    .find((one) => one.organisationId === organisation)
    ?.powers.filter((power) => power !== 'identification') ?? [];

export const submit = (
  tx: Transaction,
  country: CountryData,
  processId: string,
  personInformed: boolean,
  call: Call,
) =>
  withMissingFields('submitted', (report) =>
    change(
      tx,
      country,
      processId,
      call,
      asReferrer(call, async (procedure, rules, caseReference) => {
        report(procedure, rules);
        const permitted = await isPermitted(tx, caseReference, procedure.authority, call.at);
        const powers = { otherPowers: otherPowers(rules, procedure.authority), personInformed };
        return submitProcess(procedure, { permitted, ...powers, at: call.at }, rules);
      }),
    ),
  );

/**
 * Answers whether removal of the bearer of a marker is barred. An unknown marker is answered as not found, and is no permission to remove
 * a person.
 */
export async function isBarred(tx: Transaction, markerId: string, call: Call) {
  const caseReference = await fileOfMarker(tx, markerId);
  const found =
    caseReference === undefined ? undefined : await identificationFiles.find(tx, caseReference);
  if (!found?.procedure) return refused('not-found', 'marker_id');
  const context = contextOf(call, found.procedure.ruleVersion);
  const outcome = await identificationFiles.change(
    tx,
    found.caseReference,
    context,
    ({ procedure }) => (procedure ? checkRemovalBar(procedure, call.actor, call.at) : notFound),
  );
  return answerFrom(
    outcome,
    (file) => ({ barred: isRemovalBarred(procedureOf(file)) }),
    'marker_id',
  );
}
