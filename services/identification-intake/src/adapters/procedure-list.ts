import type { Actor, Transaction } from '@opennrm/runtime';

export interface ListedRow {
  process_id: string;
  stage: string;
  waits_for: string;
  due: number | null;
  escalated_to: string | null;
}

/** After every due date: what has none comes last. */
export const NEVER = Number.MAX_SAFE_INTEGER;

const ORDER = `coalesce(due, ${NEVER}), process_id`;

const partOf = (whose: string): string =>
  `(SELECT process_id, stage, waits_for, due, escalated_to FROM identification_file
    WHERE process_id IS NOT NULL AND ${whose} AND (${ORDER}) > ($3, $4::uuid) ORDER BY ${ORDER} LIMIT $5)`;

/**
 * What an organisation referred or decides; for a body that the pack names as one to be told of delay, what was escalated to the caller's desk too. What
 * is due first comes first.
 */
export async function listProcedures(
  tx: Transaction,
  { organisation, desk }: Actor,
  isTold: boolean,
  after: { readonly due: number; readonly id: string },
  size: number,
): Promise<ListedRow[]> {
  const { rows } = await tx.query<ListedRow>({
    name: 'procedures-list',
    // Each part by an index that is in order: an authority has many thousands, and a page of them is read no slower than of ten.
    text: `SELECT * FROM (${partOf('referred_by = $1')} UNION ${partOf('authority = $1')} UNION ${partOf('$6 AND escalated_to = $2')}) found
           ORDER BY ${ORDER} LIMIT $5`,
    values: [organisation, desk ?? null, after.due, after.id, size, isTold],
  });
  return rows;
}
