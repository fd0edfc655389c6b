import type { Actor, Transaction } from '@opennrm/runtime';

export interface ListedRow {
  process_id: string;
  stage: string;
  waits_for: string;
  due: number | null;
  escalated_to: string | null;
}

/** After every deadline: procedures without a deadline come last. */
export const NEVER = Number.MAX_SAFE_INTEGER;

const ORDER = `coalesce(due, ${NEVER}), process_id`;

const partOf = (condition: string): string =>
  `(SELECT process_id, stage, waits_for, due, escalated_to FROM identification_file
    WHERE process_id IS NOT NULL AND ${condition} AND (${ORDER}) > ($1, $2::uuid) ORDER BY ${ORDER} LIMIT $3)`;

// Each part uses an index in the order of the list, so that a page of an authority with many thousands is read as fast as one of ten.
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
 * Lists the procedures that an organisation referred or decides. An organisation that the pack names for escalation also sees those that
 * were escalated to the caller's desk. Ordered by the next deadline.
 */
export async function listProcedures(
  tx: Transaction,
  { organisation, desk }: Actor,
  isNotified: boolean,
  after: { readonly due: number; readonly id: string },
  size: number,
): Promise<ListedRow[]> {
  const page = [after.due, after.id, size, organisation];
  const { rows } = await tx.query<ListedRow>(
    isNotified && desk !== undefined
      ? { name: ownAndEscalated.name, text: ownAndEscalated.text, values: page.concat(desk) }
      : { name: own.name, text: own.text, values: page },
  );
  return rows;
}
