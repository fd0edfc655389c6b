import { randomUUID } from 'node:crypto';
import { answerFrom } from '@opennrm/messaging';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import { fileOfMarker, fileOfProcedure, identificationFiles } from '../adapters/identification-files.ts';
import { isPermitted } from '../adapters/permissions.ts';
import { isKnown } from '../adapters/references.ts';
import { askIfRemovalIsBarred } from '../domain/formal-process/asking.ts';
import { type AgeStatus, type FormalProcess, isRemovalBarred } from '../domain/formal-process/procedure.ts';
import { beginProcess, submitProcess } from '../domain/formal-process/referring.ts';
import { type ProcessDecision, type Rules, rulesOf } from '../domain/formal-process/rules.ts';
import type { IdentificationFile } from '../domain/identification-file.ts';
import { contextOf, type Ground, rulesById } from './ground.ts';
import { withFields } from './missing-fields.ts';

export interface Beginning {
  readonly processId: string;
  readonly caseReference: string;
  readonly authorityId: string;
  readonly age: AgeStatus;
}

const procedureOf = ({ procedure }: IdentificationFile): FormalProcess => {
  if (!procedure) throw new Error('a procedure that was kept is not in its file');
  return procedure;
};

/** Begins the file where there was no screening: none is needed. A reference that the vault has not announced yet may be on its way. */
export async function begin(
  tx: Transaction,
  ground: Ground,
  { caseReference, authorityId, processId, age }: Beginning,
  call: Call,
): Promise<Answer<FormalProcess>> {
  if (!(await isKnown(tx, caseReference))) return refused('not-known-yet', 'case_reference');
  if (await fileOfProcedure(tx, processId)) return refused('already-exists', 'process_id');
  const rules = rulesOf(ground.packs.current);
  const authority = rules.authorities.find((one) => one.organisationId === authorityId);
  const { organisation: referredBy } = call.actor;
  const beginning = { caseReference, processId, markerId: randomUUID(), referredBy, authority, age };
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

/** Changes a procedure under the rules that it began with. For whoever has nothing to do with it, it does not exist. */
export async function change(
  tx: Transaction,
  ground: Ground,
  processId: string,
  call: Call,
  decide: (procedure: FormalProcess, rules: Rules) => ProcessDecision | Promise<ProcessDecision>,
): Promise<Answer<FormalProcess>> {
  const caseReference = await fileOfProcedure(tx, processId);
  const file = caseReference === undefined ? undefined : await identificationFiles.find(tx, caseReference);
  if (!file?.procedure) return refused('not-found', 'process_id');
  const context = contextOf(call, file.procedure.ruleVersion);
  const outcome = await identificationFiles.change(tx, file.caseReference, context, async ({ procedure }) => {
    if (procedure?.processId !== processId || !concerns(procedure, call)) return notFound;
    return decide(procedure, await rulesById(tx, ground, procedure.ruleVersion));
  });
  return answerFrom(outcome, procedureOf, 'process_id');
}

const notFound: Decision<never, 'not-found'> = refuse('not-found', 'process_id');

/** Those who referred, and those who decide once it was sent to them. */
const concerns = ({ referredBy, authority, stage }: FormalProcess, { actor }: Call): boolean =>
  actor.organisation === referredBy || (actor.organisation === authority && stage.at !== 'draft');

/** Only those who referred her may do this. */
export const asReferrer =
  (call: Call, decide: (procedure: FormalProcess, rules: Rules) => ProcessDecision | Promise<ProcessDecision>) =>
  (procedure: FormalProcess, rules: Rules): ProcessDecision | Promise<ProcessDecision> =>
    procedure.referredBy === call.actor.organisation ? decide(procedure, rules) : refuse('not-the-referrer');

export async function submit(tx: Transaction, ground: Ground, processId: string, personTold: boolean, call: Call) {
  const given = await change(
    tx,
    ground,
    processId,
    call,
    asReferrer(call, async (procedure, rules) => {
      const powers = rules.authorities.find((one) => one.organisationId === procedure.authority)?.powers ?? [];
      const caseReference = await fileOfProcedure(tx, processId);
      const permitted = await isPermitted(tx, caseReference ?? '', procedure.authority, call.at);
      const authorityEnforces = powers.some((power) => power !== 'identification');
      return submitProcess(procedure, { permitted, authorityEnforces, personTold, at: call.at }, rules);
    }),
  );
  return withFields(tx, ground, processId, given, 'submitted');
}

/** Whoever is asked says yes or no; a marker that is not known here is no permission to remove anybody, and is answered as not found. */
export async function isBarred(tx: Transaction, ground: Ground, markerId: string, call: Call) {
  const caseReference = await fileOfMarker(tx, markerId);
  if (caseReference === undefined) return refused('not-found', 'marker_id');
  const context = contextOf(call, ground.packs.current.id);
  const outcome = await identificationFiles.change(tx, caseReference, context, ({ procedure }) =>
    procedure ? askIfRemovalIsBarred(procedure, call.actor.organisation, call.at) : notFound,
  );
  return answerFrom(outcome, (file) => ({ barred: isRemovalBarred(procedureOf(file)) }), 'marker_id');
}
