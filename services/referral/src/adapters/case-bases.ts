import type { Transaction } from '@opennrm/runtime';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';

const unknown = (caseReference: CaseReference): CaseBasis => ({
  caseReference,
  registered: false,
  permissions: [],
  bases: [],
  apartIds: [],
});

/** Keeps what the vault said of a case. Only this case's stream writes the row, so its order is the vault's. */
export async function changeCaseBasis(
  tx: Transaction,
  caseReference: CaseReference,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  const { rows } = await tx.query<{ state: CaseBasis }>({
    name: 'case-basis-lock',
    text: 'SELECT state FROM case_basis WHERE case_reference = $1 FOR UPDATE',
    values: [caseReference],
  });
  await tx.query({
    name: 'case-basis-keep',
    text: 'INSERT INTO case_basis (case_reference, state) VALUES ($1, $2) ON CONFLICT (case_reference) DO UPDATE SET state = excluded.state',
    values: [caseReference, change(rows[0]?.state ?? unknown(caseReference))],
  });
}
