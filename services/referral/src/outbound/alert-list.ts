import { type Actor, FIRST_ID, LATEST_ID, type Transaction } from '@opennrm/runtime';

export interface AlertRow {
  alert_id: string;
  referral_id: string;
  offer_id: string | null;
  code: string;
  owner_role: string;
  raised_at: number;
  act_by: number;
  level: number;
  acknowledged: boolean;
  resolved: boolean;
}

const COLUMNS =
  'alert_id, referral_id, offer_id, code, owner_role, raised_at, act_by, level, acknowledged, resolved';
const MOST_URGENT_FIRST = '(act_by, alert_id) > ($1, $2) ORDER BY act_by, alert_id LIMIT $3';
const NEWEST_FIRST =
  '(raised_at, alert_id) < ($1, $2) ORDER BY raised_at DESC, alert_id DESC LIMIT $3';

/** One statement for each shape of the list: each is planned once, and must find its rows by an index. */
const unresolvedOfAll = {
  name: 'alerts-unresolved-of-all',
  text: `SELECT ${COLUMNS} FROM alert WHERE NOT resolved AND ${MOST_URGENT_FIRST}`,
};
const everyOfAll = {
  name: 'alerts-every-of-all',
  text: `SELECT ${COLUMNS} FROM alert WHERE ${NEWEST_FIRST}`,
};
const unresolvedOfOwner = {
  name: 'alerts-unresolved-of-owner',
  text: `SELECT ${COLUMNS} FROM alert WHERE owner_org = $4 AND NOT resolved AND ${MOST_URGENT_FIRST}`,
};
const everyOfOwner = {
  name: 'alerts-every-of-owner',
  text: `SELECT ${COLUMNS} FROM alert WHERE owner_org = $4 AND ${NEWEST_FIRST}`,
};

/** By the moment until which somebody must act, or by when it was raised where the resolved ones are among them; then by its id. */
export interface AlertPosition {
  readonly at: number;
  readonly id: string;
}

/** Before the most urgent alert, where the resolved ones are left out. */
export const UNRESOLVED_BEGIN = { at: 0, id: FIRST_ID } as const;
/** Before the newest alert, where the resolved ones are among them. */
export const ALL_BEGIN = { at: Number.MAX_SAFE_INTEGER, id: LATEST_ID } as const;

export const positionOfAlert = (row: AlertRow, includeResolved: boolean): AlertPosition => ({
  at: includeResolved ? row.raised_at : row.act_by,
  id: row.alert_id,
});

/**
 * A keyset page. Most urgent first, by the moment until which somebody must act. Among `all` stand those that are resolved, which only grow in number:
 * there the one that was raised last is first. The country's coordination desk reads every organisation's alerts; anyone else their own organisation's.
 */
export async function listAlerts(
  tx: Transaction,
  actor: Actor,
  includeResolved: boolean,
  from: AlertPosition,
  size: number,
): Promise<AlertRow[]> {
  const ofCountry = actor.holds('coordinator');
  const page = [from.at, from.id, size];
  const values = ofCountry ? page : page.concat(actor.organisation);
  const { name, text } = ofCountry
    ? includeResolved
      ? everyOfAll
      : unresolvedOfAll
    : includeResolved
      ? everyOfOwner
      : unresolvedOfOwner;
  const { rows } = await tx.query<AlertRow>({ name, text, values });
  return rows;
}
