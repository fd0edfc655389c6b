import type { Transaction } from '@opennrm/runtime';

export interface TimelineRow {
  at: number;
  type: string;
  data: { readonly offerId?: string; readonly code?: string };
  author_role: string;
  basis: string | null;
}

/** How many entries of a timeline are shown. */
export const TIMELINE_ENTRIES = 500;

/** The events of a referral, the newest first. Decision records are read separately (`decisionOf`). */
export async function timelineOf(tx: Transaction, referralId: string): Promise<TimelineRow[]> {
  const { rows } = await tx.query<TimelineRow>({
    name: 'referral-timeline',
    text: `SELECT at, type, data, author_role, basis FROM journal
           WHERE aggregate = 'referral' AND aggregate_id = $1 AND topic IS NULL AND type <> 'SearchDecided'
           ORDER BY position DESC LIMIT ${TIMELINE_ENTRIES}`,
    values: [referralId],
  });
  return rows;
}

const DECISION = `SELECT data, rule_version FROM journal
  WHERE aggregate = 'referral' AND aggregate_id = $1 AND type = 'SearchDecided'`;
const latest = {
  name: 'referral-decision-latest',
  text: `${DECISION} ORDER BY (data->>'search')::int DESC, position DESC LIMIT 1`,
};
const byNumber = {
  name: 'referral-decision-of-search',
  text: `${DECISION} AND (data->>'search')::int = $2 ORDER BY position DESC LIMIT 1`,
};

/** The decision record of a search; 0 reads the latest. */
export async function decisionOf<Data>(
  tx: Transaction,
  referralId: string,
  search: number,
): Promise<{ data: Data; rule_version: string } | undefined> {
  const statement =
    search === 0
      ? { name: latest.name, text: latest.text, values: [referralId] }
      : { name: byNumber.name, text: byNumber.text, values: [referralId, search] };
  const { rows } = await tx.query<{ data: Data; rule_version: string }>(statement);
  return rows[0];
}
