import type { Transaction } from '@opennrm/runtime';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';

const unknown = (caseReference: string): CaseBasis => ({
  caseReference: caseReference as CaseReference,
  ...{ registered: false, spoken: false, permissions: [], bases: [], apartIds: [] },
});

/**
 * Locks what is known of these cases, in the order of their references. A request and the vault's word about the same case must
 * see one another: without the lock each could commit without the other, and the referral would wait for a word that has come.
 */
export async function lockCases(tx: Transaction, caseReferences: readonly string[]): Promise<void> {
  const sorted = [...new Set(caseReferences)].sort();
  await tx.query({
    name: 'case-bases-begin',
    text: `INSERT INTO case_basis (case_reference, state) SELECT * FROM unnest($1::uuid[], $2::jsonb[]) ON CONFLICT DO NOTHING`,
    values: [sorted, sorted.map((reference) => JSON.stringify(unknown(reference)))],
  });
  await tx.query({
    name: 'case-bases-lock',
    text: 'SELECT 1 FROM case_basis WHERE case_reference = ANY ($1::uuid[]) ORDER BY case_reference FOR UPDATE',
    values: [sorted],
  });
}

/** Keeps what the vault said of a case. Only this case's stream writes the row, so its order is the vault's. */
export async function changeCaseBasis(
  tx: Transaction,
  caseReference: CaseReference,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  await lockCases(tx, [caseReference]);
  const { rows } = await tx.query<{ state: CaseBasis }>({
    name: 'case-basis-read',
    text: 'SELECT state FROM case_basis WHERE case_reference = $1',
    values: [caseReference],
  });
  await tx.query({
    name: 'case-basis-keep',
    text: 'UPDATE case_basis SET state = $2 WHERE case_reference = $1',
    values: [caseReference, change(rows[0]?.state ?? unknown(caseReference))],
  });
}
