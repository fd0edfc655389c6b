import type { CountryPack } from '@opennrm/country';
import { type Call, refused, type Transaction } from '@opennrm/runtime';
import { recordDisagreement, retractDisagreement } from '../domain/writing.ts';
import { noteOf } from '../outbound/notes.ts';
import { asOwner, changeCase, ownFile } from './case-access.ts';

export interface Disagreement {
  readonly caseId: string;
  readonly section: string;
  readonly version: number;
  readonly noteId: string;
}

/** A disagreement is a sealed note of this case. */
export async function record(
  tx: Transaction,
  pack: CountryPack,
  { caseId, ...said }: Disagreement,
  call: Call,
) {
  if (!(await ownFile(tx, caseId, call.actor))) return refused('not-found', 'case_id');
  const note = await noteOf(tx, said.noteId);
  if (note?.caseId !== caseId) return refused('no-such-note', 'note_id');
  const decide = asOwner(call, (file) => recordDisagreement(file, said));
  return changeCase(tx, pack, call, caseId, decide, () => ({ noteId: said.noteId }));
}

export const retract = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, ...said }: Omit<Disagreement, 'version'>,
  call: Call,
) => {
  const decide = asOwner(call, (file) => retractDisagreement(file, said));
  return changeCase(tx, pack, call, caseId, decide, () => ({ noteId: said.noteId }));
};
