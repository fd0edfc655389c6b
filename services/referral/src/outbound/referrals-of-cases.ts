import type { Transaction } from '@opennrm/runtime';

const nameOf = (caseReference: string): string => `referrals of case ${caseReference}`;

/** This transaction begins a referral of the case, or ends its part in one. */
export const forgetReferralsOfCase = (tx: Transaction, caseReference: string): void =>
  void tx.memory.delete(nameOf(caseReference));

/**
 * Reads the referrals of these cases, which are locked, all at once, and remembers them: while a case is locked no other transaction can begin
 * a referral of it.
 */
export async function readReferralsOfCases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<void> {
  const { rows } = await tx.query<{ case_reference: string; referral_id: string }>({
    name: 'cases-referral-ids',
    text: 'SELECT case_reference, referral_id FROM referral_case WHERE case_reference = ANY ($1::uuid[]) ORDER BY referral_id',
    values: [caseReferences],
  });
  const byCase = Map.groupBy(rows, (row) => row.case_reference);
  for (const one of caseReferences)
    tx.memory.set(
      nameOf(one),
      (byCase.get(one) ?? []).map((row) => row.referral_id),
    );
}

export async function referralsOfCase(
  tx: Transaction,
  caseReference: string,
): Promise<readonly string[]> {
  const known = tx.memory.get(nameOf(caseReference));
  if (Array.isArray(known)) return known;
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'case-referrals',
    text: 'SELECT referral_id FROM referral_case WHERE case_reference = $1 ORDER BY referral_id',
    values: [caseReference],
  });
  return rows.map((row) => row.referral_id);
}
