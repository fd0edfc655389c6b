import { randomUUID } from 'node:crypto';
import { Personal } from '@opennrm/runtime';
import { callOf, type vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as notes from './notes.ts';
import * as safetyNotes from './safety-notes.ts';

export interface NamedBy {
  readonly caseId?: string;
  readonly holdId?: string;
  readonly personId?: string | undefined;
}
export const by = ({ caseId, holdId, personId }: NamedBy) => ({ caseId, holdId, personId });
export const notFound = (field: string) => ({ kind: 'refused', refusal: 'not-found', field });

/** Calls about the notes of a case; each takes the id of the caller's organisation. */
export function noteCalls(vault: () => Awaited<ReturnType<typeof vaultDatabase>>) {
  async function writes(who: string, namedBy: NamedBy, safety?: string) {
    const noteId: string = randomUUID();
    const note = {
      ...by(namedBy),
      noteId,
      content: new Personal('Synthetic note of nobody'),
      safety,
    };
    const given = await vault().inTransaction((tx) =>
      notes.write(tx, vault().pack, vault().sealedStore, note, callOf(who)),
    );
    return { noteId, given };
  }
  const listsSafetyNotes = (who: string, namedBy: NamedBy, purpose = 'accommodation') =>
    vault().inTransaction((tx) =>
      safetyNotes.list(tx, vault().pack, { ...by(namedBy), purpose }, callOf(who)),
    );
  return { writes, listsSafetyNotes };
}
