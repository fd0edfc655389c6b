import type { Transaction } from '@opennrm/runtime';

/** Whether the vault has announced this reference. */
export async function isKnown(tx: Transaction, caseReference: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'reference-known',
    text: 'SELECT 1 FROM known_reference WHERE case_reference = $1',
    values: [caseReference],
  });
  return (rowCount ?? 0) > 0;
}

export const rememberReference = (tx: Transaction, caseReference: string) =>
  tx.query({
    name: 'reference-remember',
    text: 'INSERT INTO known_reference (case_reference) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [caseReference],
  });
