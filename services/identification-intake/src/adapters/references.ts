import { topics } from '@opennrm/contracts/topics';
import type { Transaction } from '@opennrm/runtime';

/** What the vault has said of a reference; undefined when it has said nothing yet. */
export async function findReference(
  tx: Transaction,
  caseReference: string,
): Promise<{ permissionWithdrawn: boolean } | undefined> {
  const { rows } = await tx.query<{ withdrawn: boolean }>({
    name: 'reference-known',
    // While the stream is quarantined a withdrawal may be unread: it counts as withdrawn (design rule 12).
    text: `SELECT permission_withdrawn OR EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $2 AND q.key = case_reference::text) AS withdrawn
           FROM known_reference WHERE case_reference = $1`,
    values: [caseReference, topics.caseVaultForIdentificationIntake.name],
  });
  return rows[0] && { permissionWithdrawn: rows[0].withdrawn };
}

export const rememberReference = (tx: Transaction, caseReference: string, permissionWithdrawn: boolean) =>
  tx.query({
    name: 'reference-remember',
    text: `INSERT INTO known_reference (case_reference, permission_withdrawn) VALUES ($1, $2)
           ON CONFLICT (case_reference) DO UPDATE SET permission_withdrawn = known_reference.permission_withdrawn OR excluded.permission_withdrawn`,
    values: [caseReference, permissionWithdrawn],
  });
