import type { CountryPack } from '@opennrm/country';
import { type Call, refused, type Transaction } from '@opennrm/runtime';
import { noteOf } from '../adapters/notes.ts';
import { disagree, takeBackDisagreement } from '../domain/writing.ts';
import { asOwner, changeCase, ownFile } from './ground.ts';

export interface Disagreement {
  readonly caseId: string;
  readonly section: string;
  readonly version: number;
  readonly noteId: string;
}

/** Her word against an entry is a sealed note of this case and of no other. */
export async function record(tx: Transaction, pack: CountryPack, { caseId, ...said }: Disagreement, call: Call) {
  if (!(await ownFile(tx, caseId, call.actor))) return refused('not-found', 'case_id');
  const note = await noteOf(tx, said.noteId);
  if (note?.caseId !== caseId) return refused('no-such-note', 'note_id');
  const decide = asOwner(call, (file) => disagree(file, said));
  return changeCase(tx, pack, call, caseId, decide, () => ({ noteId: said.noteId }));
}

export const takeBack = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, ...said }: Omit<Disagreement, 'version'>,
  call: Call,
) => {
  const decide = asOwner(call, (file) => takeBackDisagreement(file, said));
  return changeCase(tx, pack, call, caseId, decide, () => ({ noteId: said.noteId }));
};
