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
    WHERE process_id IS NOT NULL AND ${whose} AND (${ORDER}) > ($1, $2::uuid) ORDER BY ${ORDER} LIMIT $3)`;

// Each part by an index that is in order: an authority has many thousands, and a page of them is read no slower than of ten.
const OWN = `${partOf('referred_by = $4')} UNION ${partOf('authority = $4')}`;
const own = {
  name: 'procedures-own',
  text: `SELECT * FROM (${OWN}) found ORDER BY ${ORDER} LIMIT $3`,
};
const ownAndEscalated = {
  name: 'procedures-own-and-escalated',
  text: `SELECT * FROM (${OWN} UNION ${partOf('escalated_to = $5')}) found ORDER BY ${ORDER} LIMIT $3`,
};

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
  const page = [after.due, after.id, size, organisation];
  const { rows } = await tx.query<ListedRow>(
    isTold && desk !== undefined
      ? { name: ownAndEscalated.name, text: ownAndEscalated.text, values: page.concat(desk) }
      : { name: own.name, text: own.text, values: page },
  );
  return rows;
}
