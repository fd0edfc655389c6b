import type { Meta } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';

const unknown = (caseReference: string): CaseBasis => ({
  caseReference: caseReference as CaseReference,
  registered: false,
  decidedPurposes: [],
  permissions: [],
  bases: [],
  apartIds: [],
});

/**
 * Locks what is known of these cases, in the order of their references, and returns it. A request and a vault event about the same case must see each other: without the
 * lock both could commit unseen, and the referral would wait for a basis that exists.
 */
export async function lockCases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<CaseBasis[]> {
  const sorted = [...new Set(caseReferences)].sort();
  for (let tried = 1; tried <= TRIES; tried++) {
    const { rows } = await tx.query<{ state: CaseBasis }>({
      name: 'case-bases-lock',
      text: `WITH begun AS (
               INSERT INTO case_basis (case_reference, state) SELECT * FROM unnest($1::uuid[], $2::jsonb[]) ON CONFLICT DO NOTHING RETURNING state),
             locked AS (SELECT state FROM case_basis WHERE case_reference = ANY ($1::uuid[]) ORDER BY case_reference FOR UPDATE)
             SELECT state FROM begun UNION ALL SELECT state FROM locked`,
      values: [sorted, sorted.map((reference) => JSON.stringify(unknown(reference)))],
    });
    // A row that another transaction has just added is in neither half; the second attempt finds it.
    if (rows.length === sorted.length) return rows.map(({ state }) => state);
  }
  throw new CasesNotLocked('fewer rows than case references');
}

/** A row is never deleted, so a row that the second attempt does not find will never be found. */
const TRIES = 2;

/** The given references are not those of the rows: a fault of the program, which must end with an error instead of waiting. */
class CasesNotLocked extends Error {
  override readonly name = 'CasesNotLocked';
}

/**
 * Stores what the vault announced about a case. Only the stream of this case writes the row, so the order is the vault's. During a rebuild
 * the change is made beside the state that decisions read, and replaces it when the case is complete: no decision sees the past.
 */
export async function changeCaseBasis(
  tx: Transaction,
  caseReference: CaseReference,
  change: (known: CaseBasis) => CaseBasis,
  rebuild?: Meta['rebuild'],
): Promise<void> {
  const [known = unknown(caseReference)] = await lockCases(tx, [caseReference]);
  if (rebuild === undefined) {
    await tx.query({
      name: 'case-basis-store',
      text: 'UPDATE case_basis SET state = $2 WHERE case_reference = $1',
      values: [caseReference, change(known)],
    });
    return;
  }
  const rebuilt = (await rebuiltOf(tx, caseReference)) ?? unknown(caseReference);
  await tx.query({
    name: 'case-basis-rebuild',
    text: 'UPDATE case_basis SET rebuilt = $2 WHERE case_reference = $1',
    values: [caseReference, change(rebuilt)],
  });
}

/** The case is complete: decisions read its new state from now on. */
export async function replaceCaseBasis(tx: Transaction, caseReference: string): Promise<void> {
  await tx.query({
    name: 'case-basis-replace',
    text: 'UPDATE case_basis SET state = rebuilt, rebuilt = NULL WHERE case_reference = $1 AND rebuilt IS NOT NULL',
    values: [caseReference],
  });
}

async function rebuiltOf(
  tx: Transaction,
  caseReference: CaseReference,
): Promise<CaseBasis | undefined> {
  const { rows } = await tx.query<{ rebuilt: CaseBasis | null }>({
    name: 'case-basis-rebuilt',
    text: 'SELECT rebuilt FROM case_basis WHERE case_reference = $1',
    values: [caseReference],
  });
  return rows[0]?.rebuilt ?? undefined;
}
