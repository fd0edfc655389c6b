import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, type Personal, refused, type Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { caseFiles, lockCases } from '../adapters/case-files.ts';
import { caseOfHold, logDisclosure } from '../adapters/disclosures.ts';
import { noteOf } from '../adapters/notes.ts';
import type { Safe } from '../adapters/sealing/safe.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { authorOf, mayAct } from './ground.ts';
import type { Told } from './sections.ts';

interface Note {
  readonly caseId: string | undefined;
  readonly holdId: string | undefined;
  readonly noteId: string;
  readonly content: Personal<string>;
}

/** Words travel as a note's id alone. The case's own organisation writes them, or one that was asked, about its hold. */
export async function write(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  note: Note,
  call: Call,
): Promise<Answer<{ noteId: string }>> {
  const { noteId, holdId, content } = note;
  const { organisation } = call.actor;
  const caseId = note.caseId ?? (holdId === undefined ? undefined : await caseOfHold(tx, holdId, organisation));
  const file = caseId === undefined ? undefined : await caseFiles.find(tx, caseId);
  const asked = note.caseId === undefined;
  if (!file || !(asked || mayAct(file, call.actor))) return refused('not-found', asked ? 'hold_id' : 'case_id');
  const { caseId: id, ownerOrg } = file;
  await lockCases(tx, [id]);
  const kept = await safe.writeNote(tx, {
    noteId,
    caseId: id,
    ownerOrg,
    writtenBy: organisation,
    at: call.at,
    content,
  });
  if (kept === 'already-exists') return refused('already-exists', 'note_id');
  await caseFiles.change(tx, id, { at: call.at, author: authorOf(call.actor), ruleVersion: pack.id }, () =>
    accept<CaseFileEvent>({ type: 'NoteWritten', noteId, at: call.at }),
  );
  return answer({ noteId });
}

/** Read by the case's own organisation and by the one that wrote it; each reading is logged. */
export async function read(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  noteId: string,
  purpose: string,
  call: Call,
): Promise<Answer<Omit<Told, 'version'>>> {
  const note = await noteOf(tx, noteId);
  const file = note && (await caseFiles.find(tx, note.caseId));
  const may = file && (mayAct(file, call.actor) || note.writtenBy === call.actor.organisation);
  const content = may && (await safe.readNote(tx, { noteId, caseId: file.caseId }));
  if (!may || !content) return refused('not-found', 'note_id');
  const [disclosureId, basis] = [randomUUID(), 'own-record'];
  const context = { at: call.at, author: { ...authorOf(call.actor), basis }, ruleVersion: pack.id };
  await caseFiles.change(tx, file.caseId, context, () =>
    accept<CaseFileEvent>({ type: 'NoteRead', disclosureId, noteId, purpose }),
  );
  await logDisclosure(tx, {
    ...{ id: disclosureId, at: call.at, byService: 'case-vault', caseId: file.caseId, content: 'note', purpose, basis },
    ...{ organisationId: call.actor.organisation, personId: call.actor.person },
  });
  return answer({ content, basis, disclosureId });
}
