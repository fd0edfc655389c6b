import type { Transaction } from '@opennrm/runtime';

/** Keeps which two cases an id keeps apart. @returns whether it is theirs: false where it is another pair's already. */
export async function claimApartId(
  tx: Transaction,
  apartId: string,
  cases: readonly [string, string],
): Promise<boolean> {
  const [first, second] = cases.toSorted();
  const { rows } = await tx.query<{ theirs: boolean }>({
    name: 'apart-id-claim',
    text: `INSERT INTO apart_pair (apart_id, first_case, second_case) VALUES ($1, $2, $3)
           ON CONFLICT (apart_id) DO UPDATE SET first_case = apart_pair.first_case RETURNING first_case = $2 AND second_case = $3 AS theirs`,
    values: [apartId, first, second],
  });
  return rows[0]?.theirs === true;
}
