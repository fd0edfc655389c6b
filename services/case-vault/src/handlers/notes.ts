import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, type Personal, refused, type Transaction } from '@opennrm/runtime';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { caseFiles, lockCases } from '../adapters/case-files.ts';
import { caseOfHold } from '../adapters/disclosures.ts';
import { noteOf } from '../adapters/notes.ts';
import { powersOf } from '../adapters/organisations.ts';
import { relationsOf } from '../adapters/relations.ts';
import type { Safe } from '../adapters/sealing/safe.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { asOwner, authorOf, caseMeant, changeCase, mayAct, type Subject } from './ground.ts';
import { record, type Told } from './sections.ts';

interface Note extends Subject {
  readonly noteId: string;
  readonly content: Personal<string>;
  /** The kind of a note that stays readable for safety. */
  readonly safety?: string | undefined;
}

const SAFETY_NOTES_AT_MOST = 20;

/** Words travel as a note's id alone. The case's own organisation writes them, or one that was asked, about its hold. */
export async function write(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  note: Note,
  call: Call,
): Promise<Answer<{ noteId: string }>> {
  const { noteId, holdId, content, safety } = note;
  const { organisation } = call.actor;
  const caseId = note.caseId ?? (holdId === undefined ? undefined : await caseOfHold(tx, holdId, organisation));
  if (caseId !== undefined) await lockCases(tx, [caseId]);
  const file = caseId === undefined ? undefined : await caseFiles.find(tx, caseId);
  const asked = note.caseId === undefined;
  if (!file || !(asked || mayAct(file, call.actor))) return refused('not-found', asked ? 'hold_id' : 'case_id');
  const { caseId: id, ownerOrg } = file;
  if (safety !== undefined && file.safetyNotes.length >= SAFETY_NOTES_AT_MOST)
    return refused('too-many-safety-notes', 'safety');
  const written = { noteId, caseId: id, ownerOrg, writtenBy: organisation, at: call.at, content };
  if ((await safe.writeNote(tx, written)) === 'already-exists') return refused('already-exists', 'note_id');
  await caseFiles.change(tx, id, { at: call.at, author: authorOf(call.actor), ruleVersion: pack.id }, () =>
    accept<CaseFileEvent>({ type: 'NoteWritten', noteId, at: call.at, safety }),
  );
  return answer({ noteId });
}

/**
 * Read by the case's own organisation and by the one that wrote it; a note for safety also by whoever cares for her now, whatever was withdrawn.
 * Each reading is logged.
 */
export async function read(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  noteId: string,
  purpose: string,
  call: Call,
): Promise<Answer<Omit<Told, 'version' | 'disagreementNoteIds'>>> {
  const note = await noteOf(tx, noteId);
  const file = note && (await caseFiles.find(tx, note.caseId));
  const own = file && (mayAct(file, call.actor) || note.writtenBy === call.actor.organisation);
  const kept = file?.safetyNotes.find((one) => one.noteId === noteId);
  const may = file && (own || (kept && (await caresForHer(tx, pack, file, call))));
  const content = may && (await safe.readNote(tx, { noteId, caseId: file.caseId }));
  if (!may || !content) return refused('not-found', 'note_id');
  const [disclosureId, basis] = [randomUUID(), own ? 'own-record' : 'vital-interest'];
  const event: CaseFileEvent = { type: 'NoteRead', disclosureId, noteId, purpose };
  const told = kept ? `safety-note-${kept.kind}` : 'note';
  await record(tx, pack, call, { file, event, disclosureId, content: told, purpose, basis });
  return answer({ content, basis, disclosureId });
}

/** Has to do with her now, and has no power to enforce anything. */
async function caresForHer(
  tx: Transaction,
  pack: CountryPack,
  { caseId }: CaseFile,
  { actor }: Call,
): Promise<boolean> {
  const relations = await relationsOf(tx, caseId, actor.organisation);
  return relations.length > 0 && (await powersOf(tx, pack, actor.organisation)).length === 0;
}

/** Which notes for safety there are, for whoever may read them. */
export async function safetyNotes(
  tx: Transaction,
  pack: CountryPack,
  subject: Subject,
  call: Call,
): Promise<Answer<{ notes: { noteId: string; kind: string }[] }>> {
  const caseId = await caseMeant(tx, subject, call.actor.organisation);
  const file = caseId === undefined ? undefined : await caseFiles.find(tx, caseId);
  const may = file && (mayAct(file, call.actor) || (await caresForHer(tx, pack, file, call)));
  if (!may) return refused('not-found', subject.caseId === undefined ? 'hold_id' : 'case_id');
  return answer({ notes: [...file.safetyNotes] });
}

export const endSafetyNote = (
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
