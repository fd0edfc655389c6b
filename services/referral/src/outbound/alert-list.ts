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

/** The position in the list: by `act_by`, or by `raised_at` where resolved alerts are included; then by id. */
export interface AlertPosition {
  readonly at: number;
  readonly id: string;
}

/** Before the most urgent alert, in the list without resolved alerts. */
export const UNRESOLVED_BEGIN = { at: 0, id: FIRST_ID } as const;
/** Before the newest alert, in the list with resolved alerts. */
export const ALL_BEGIN = { at: Number.MAX_SAFE_INTEGER, id: LATEST_ID } as const;

export const positionOfAlert = (row: AlertRow, includeResolved: boolean): AlertPosition => ({
  at: includeResolved ? row.raised_at : row.act_by,
  id: row.alert_id,
});

/**
 * A keyset page. Without resolved alerts the most urgent comes first, by `act_by`. With resolved alerts, whose number only grows, the
 * newest comes first. The coordination desk of the country reads the alerts of every organisation; all others read those of their own
 * organisation.
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
