import type { CountryPack } from '@opennrm/country';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import {
  breakGlass,
  confirmOpening,
  type OpeningRequest,
  reviewOpening,
} from '../domain/break-glass.ts';
import type { CaseFile } from '../domain/case-file.ts';
import { caseOfOpening } from '../outbound/case-files.ts';
import {
  asOwner,
  changeCase,
  type Decide,
  mayAct,
  resolveCase,
  type Subject,
} from './case-access.ts';

type Ask = Omit<OpeningRequest, 'organisation' | 'by'> & Subject;

interface OpenUntil {
  readonly openingId: string;
  readonly openUntil: Instant | undefined;
}

const openUntil =
  (openingId: string) =>
  (file: CaseFile): OpenUntil => ({
    openingId,
    openUntil: file.openings.find((one) => one.openingId === openingId)?.until,
  });

/** By the vault's id, or by a hold under which the organisation knew the person: nobody can guess either. */
export async function open(
  tx: Transaction,
  pack: CountryPack,
  { caseId, holdId, personId, ...ask }: Ask,
  call: Call,
): Promise<Answer<OpenUntil>> {
  const { organisation, person: by } = call.actor;
  const resolved = await resolveCase(tx, { caseId, holdId, personId }, organisation);
  if (resolved.kind === 'refused') return resolved;
  const taken = await caseOfOpening(tx, ask.openingId);
  if (taken !== undefined && taken !== resolved.response.caseId)
    return refused('already-exists', 'opening_id');
  const decide: Decide = (file) =>
    breakGlass(file, { ...ask, organisation, by }, pack.consent, call.at);
  return changeCase(tx, pack, call, resolved.response.caseId, decide, openUntil(ask.openingId));
}

/** By somebody else of the same organisation, or of the one whose case it is, or by a data protection officer. */
export async function confirm(
  tx: Transaction,
  pack: CountryPack,
  openingId: string,
  call: Call,
): Promise<Answer<OpenUntil>> {
  const caseId = await caseOfOpening(tx, openingId);
  if (caseId === undefined) return refused('not-found', 'opening_id');
  const decide: Decide = (file) =>
    concerns(file, openingId, call)
      ? confirmOpening(file, { openingId, by: call.actor.person }, pack.consent, call.at)
      : { kind: 'refused', refusal: 'not-found', field: 'opening_id' };
  return changeCase(tx, pack, call, caseId, decide, openUntil(openingId));
}

export async function review(
  tx: Transaction,
  pack: CountryPack,
  { openingId, justified }: { readonly openingId: string; readonly justified: boolean },
  call: Call,
): Promise<Answer<{ openingId: string }>> {
  const caseId = await caseOfOpening(tx, openingId);
  if (caseId === undefined) return refused('not-found', 'opening_id');
  const review: Decide = (file) =>
    reviewOpening(file, { openingId, by: call.actor.person, justified }, call.at);
  const decide = asOwner(call, review, 'opening_id');
  return changeCase(tx, pack, call, caseId, decide, () => ({ openingId }));
}

const concerns = (file: CaseFile, openingId: string, { actor }: Call): boolean =>
  mayAct(file, actor) ||
  file.openings.some(
    (one) => one.openingId === openingId && one.organisation === actor.organisation,
  );
