import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import type { ReadVerdict } from '../domain/reading/reading.ts';
import { mayReadSafetyNotes } from '../domain/reading/safety-notes.ts';
import { powersOf } from '../outbound/organisations.ts';
import { relationsOf } from '../outbound/relations.ts';
import {
  asOwner,
  changeCase,
  lockedFile,
  mayAct,
  resolveCase,
  type Subject,
} from './case-access.ts';
import { record } from './sections.ts';

/** May the caller read the safety notes? Checked on the locked file. */
export async function checkSafetyNotes(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  purpose: string,
  { actor, at }: Call,
): Promise<ReadVerdict> {
  if (mayAct(file, actor)) return { isAllowed: true, basis: 'own-record' };
  const { organisation } = actor;
  const relations = await relationsOf(tx, file.caseId, organisation);
  const powers = await powersOf(tx, pack, organisation);
  return mayReadSafetyNotes(
    file,
    { organisation, purpose, relations, powers },
    pack.consent.powerLimits,
    at,
  );
}

export interface SafetyNoteList {
  readonly notes: { noteId: string; kind: string }[];
  readonly basis: string;
  readonly disclosureId: string;
}

/** Lists safety notes. Their kinds reveal health, so each look-up is logged, also an empty one. */
export async function list(
  tx: Transaction,
  pack: CountryPack,
  { purpose, ...subject }: Subject & { readonly purpose: string },
  call: Call,
): Promise<Answer<SafetyNoteList>> {
  const resolved = await resolveCase(tx, subject, call.actor.organisation);
  if (resolved.kind === 'refused') return resolved;
  const file = await lockedFile(tx, resolved.response.caseId);
  const field = subject.caseId === undefined ? 'hold_id' : 'case_id';
  if (!file) return refused('not-found', field);
  const may = await checkSafetyNotes(tx, pack, file, purpose, call);
  if (!may.isAllowed) return refused('not-found', field);
  const { basis, permissionId } = may;
  const disclosureId = randomUUID();
  const event: CaseFileEvent = { type: 'SafetyNotesListed', disclosureId, purpose };
  await record(tx, pack, call, {
    file,
    event,
    disclosureId,
    content: 'safety-notes',
    purpose,
    basis,
    permissionId,
  });
  return answer({ notes: [...file.safetyNotes], basis, disclosureId });
}

export const end = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, noteId }: { readonly caseId: string; readonly noteId: string },
  call: Call,
) => {
  const decide = asOwner(
    call,
    (file): Decision<CaseFileEvent, 'not-found'> =>
      file.safetyNotes.some((one) => one.noteId === noteId)
        ? accept<CaseFileEvent>({ type: 'SafetyNoteEnded', noteId })
        : refuse('not-found', 'note_id'),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({ noteId }));
};
