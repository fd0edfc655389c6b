import type { Transaction } from '@opennrm/runtime';

/** Whose note it is; the words stay sealed. */
export async function noteOf(
  tx: Transaction,
  noteId: string,
): Promise<{ caseId: string; writtenBy: string } | undefined> {
  const { rows } = await tx.query<{ case_id: string; written_by: string }>({
    name: 'note-of',
    text: 'SELECT case_id, written_by FROM sealed_note WHERE note_id = $1',
    values: [noteId],
  });
  return rows[0] && { caseId: rows[0].case_id, writtenBy: rows[0].written_by };
}
