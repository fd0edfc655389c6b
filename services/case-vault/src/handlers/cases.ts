import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { refuse } from '@opennrm/runtime/decision';
import type { CaseFile, CaseId, OrganisationId, Reference } from '../domain/case-file.ts';
import { type ApartRequest, keepApart } from '../domain/keep-apart.ts';
import { openCase, registerReference } from '../domain/new-case.ts';
import { claimApartId } from '../outbound/apart-pairs.ts';
import { caseFiles, caseOfReference, lockCases } from '../outbound/case-files.ts';
import { disclosuresOf } from '../outbound/disclosures.ts';
import { peopleOfHold } from '../outbound/relations.ts';
import { asOwner, authorOf, changeCase, type Decide, ownFile } from './case-access.ts';

interface NewCase {
  readonly caseId: CaseId;
  readonly services: readonly string[];
  readonly need: string;
}

export async function open(
  tx: Transaction,
  pack: CountryPack,
  { caseId, services, need }: NewCase,
  call: Call,
) {
  const references = services.map((service) => ({ service, reference: randomUUID() }));
  const ownerOrg = call.actor.organisation as OrganisationId;
  const decision = openCase({ caseId, ownerOrg, need, references, at: call.at });
  const context = {
    at: call.at,
    author: authorOf(call.actor),
    ruleVersion: pack.id,
    rules: pack.consent,
  };
  const outcome = await caseFiles.create(tx, caseId, decision, context);
  return answerFrom(outcome, (file) => ({ caseId, references: [...file.references] }), 'case_id');
}

/**
 * Registers a reference, which means one person only. A reference of another case is refused without naming that case. A caller who may not act on
 * this case gets `not-found` and does not learn that the reference exists.
 */
export async function register(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  asked: Reference,
  call: Call,
): Promise<Answer<{ caseId: string }>> {
  const taken = await caseOfReference(tx, asked.service, asked.reference);
  const isOfAnother = taken !== undefined && taken !== caseId;
  const decide = asOwner(call, (file) =>
    isOfAnother ? refuse('already-exists', 'reference.reference') : registerReference(file, asked),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({ caseId }));
}

/** The people of a hold, for an organisation that was asked about them; `not-found` for any other. */
export async function people(
  tx: Transaction,
  holdId: string,
  { actor }: Call,
): Promise<Answer<{ personIds: string[] }>> {
  const found = await peopleOfHold(tx, holdId, actor.organisation);
  if (found.length === 0) return refused('not-found', 'hold_id');
  return answer({ personIds: found.map(({ personId }) => personId) });
}

/** Changes both files or neither: both are locked and checked before either is changed. */
export async function setApart(
  tx: Transaction,
  pack: CountryPack,
  caseId: CaseId,
  request: ApartRequest,
  call: Call,
): Promise<Answer<{ apartId: string; state: string }>> {
  const { otherCaseId, apartId } = request;
  await lockCases(tx, [caseId, otherCaseId]);
  // Only the country's coordination desk keeps cases of two organisations apart.
  const asDesk = (decide: Decide): Decide =>
    call.actor.holds('coordinator') ? decide : asOwner(call, decide);
  const halves = [
    { id: caseId, decide: asDesk((file) => keepApart(file, request)), field: 'case_id' },
    {
      id: otherCaseId,
      decide: asDesk((file) => keepApart(file, { ...request, otherCaseId: caseId })),
      field: 'other_case_id',
    },
  ];
  for (const { id, decide, field } of halves) {
    const file = await caseFiles.find(tx, id);
    const decision = file && decide(file);
    // A case of another organisation gets the same answer as an unknown case, with the same field.
    if (!decision || (decision.kind === 'refused' && decision.refusal === 'not-found'))
      return refused('not-found', field);
    if (decision.kind === 'refused') return refused(decision.refusal, decision.field);
  }
  if (!(await claimApartId(tx, apartId, [caseId, otherCaseId])))
    return refused('already-exists', 'apart_id');
  const stateOf = (file: CaseFile) =>
    file.apart.find((pair) => pair.apartId === apartId)?.state ?? 'proposed';
  const [first, second] = halves.map(
    ({ id, decide }) =>
      () =>
        changeCase(tx, pack, call, id, decide, stateOf),
  );
  await second?.();
  const given = await first?.();
  return given?.kind === 'answer'
    ? { kind: 'answer', response: { apartId, state: given.response } }
    : refused('not-found');
}

export async function listDisclosures(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  page: { readonly before: { at: number; id: string }; readonly size: number },
  call: Call,
) {
  if (!(await ownFile(tx, caseId, call.actor))) return undefined;
  return disclosuresOf(tx, caseId, { ...page, hidden: pack.consent.hiddenServiceClasses });
}
