import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import {
  type Answer,
  answer,
  type Call,
  type Personal,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import type { ReadVerdict } from '../domain/reading/reading.ts';
import { findDisputedSection } from '../domain/writing.ts';
import { caseFiles } from '../outbound/case-files.ts';
import { noteOf } from '../outbound/notes.ts';
import { relationsOf } from '../outbound/relations.ts';
import type { SealedStore } from '../outbound/sealing/sealed-store.ts';
import { authorOf, lockedFile, mayAct, resolveAskedCase, type Subject } from './case-access.ts';
import { checkSafetyNotes } from './safety-notes.ts';
import { type ReadResult, record, verdictOn } from './sections.ts';

interface Note extends Subject {
  readonly noteId: string;
  readonly content: Personal<string>;
  /** The kind of a note that stays readable for safety. */
  readonly safety?: string | undefined;
}

const SAFETY_NOTES_AT_MOST = 20;

/**
 * Writes a sealed note. The owner of the case may write one, and an organisation that was asked, by its hold. By a hold, a safety note also needs a
 * current relation.
 */
export async function write(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  note: Note,
  call: Call,
): Promise<Answer<{ noteId: string }>> {
  const { noteId, content, safety } = note;
  const { organisation } = call.actor;
  const resolved = await resolveAskedCase(tx, note, organisation);
  if (resolved.kind === 'refused') return resolved;
  const file = await lockedFile(tx, resolved.response.caseId);
  const asked = note.caseId === undefined;
  if (!file || !(asked || mayAct(file, call.actor)))
    return refused('not-found', asked ? 'hold_id' : 'case_id');
  const { caseId, ownerOrg } = file;
  if (asked && safety !== undefined && (await relationsOf(tx, caseId, organisation)).length === 0)
    return refused('relation-needed', 'safety');
  if (safety !== undefined && file.safetyNotes.length >= SAFETY_NOTES_AT_MOST)
    return refused('too-many-safety-notes', 'safety');
  const written = { noteId, caseId, ownerOrg, writtenBy: organisation, at: call.at, content };
  if ((await sealedStore.writeNote(tx, written)) === 'already-exists')
    return refused('already-exists', 'note_id');
  await caseFiles.change(
    tx,
    caseId,
    {
      at: call.at,
      author: authorOf(call.actor),
      ruleVersion: pack.id,
      rules: pack.consent,
    },
    () => accept<CaseFileEvent>({ type: 'NoteWritten', noteId, at: call.at, safety }),
  );
  return answer({ noteId });
}

/**
 * Reads a note. Allowed for the owner of the case and for the writer; a safety note also for readers of safety notes, a disagreement also for readers
 * of the section. Each reading is logged.
 */
export async function read(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  { noteId, purpose }: { readonly noteId: string; readonly purpose: string },
  call: Call,
): Promise<Answer<Omit<ReadResult, 'version' | 'disagreementNoteIds' | 'attachments'>>> {
  const note = await noteOf(tx, noteId);
  const file = note && (await lockedFile(tx, note.caseId));
  if (!file) return refused('not-found', 'note_id');
  const verdict = await mayReadNote(tx, pack, file, { ...note, noteId, purpose }, call);
  const content =
    verdict.isAllowed && (await sealedStore.readNote(tx, { noteId, caseId: file.caseId }));
  if (!verdict.isAllowed || !content) return refused('not-found', 'note_id');
  const { basis, permissionId } = verdict;
  const disclosureId = randomUUID();
  const event: CaseFileEvent = { type: 'NoteRead', disclosureId, noteId, purpose };
  await record(tx, pack, call, {
    file,
    event,
    disclosureId,
    content: contentCode(file, noteId),
    purpose,
    basis,
    permissionId,
  });
  return answer({ content, basis, disclosureId });
}

interface Wanted {
  readonly noteId: string;
  readonly writtenBy: string;
  readonly purpose: string;
}

async function mayReadNote(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  { noteId, writtenBy, purpose }: Wanted,
  call: Call,
): Promise<ReadVerdict> {
  if (mayAct(file, call.actor) || writtenBy === call.actor.organisation)
    return { isAllowed: true, basis: 'own-record' };
  if (file.safetyNotes.some((one) => one.noteId === noteId))
    return checkSafetyNotes(tx, pack, file, purpose, call);
  const section = findDisputedSection(file, noteId);
  if (section === undefined) return { isAllowed: false, refusal: 'not-found' };
  return (await verdictOn(tx, pack, file, { section, purpose }, call)).verdict;
}

/** Code of what was disclosed. */
function contentCode(file: CaseFile, noteId: string): string {
  const kept = file.safetyNotes.find((one) => one.noteId === noteId);
  const section = findDisputedSection(file, noteId);
  if (kept) return `safety-note-${kept.kind}`;
  return section === undefined ? 'note' : `disagreement-with-${section}`;
}
