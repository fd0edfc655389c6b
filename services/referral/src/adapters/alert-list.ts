import type { Actor, Transaction } from '@opennrm/runtime';

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

const COLUMNS = 'alert_id, referral_id, offer_id, code, owner_role, raised_at, act_by, level, acknowledged, resolved';
const PAGE = '(act_by, alert_id) > ($1, $2) ORDER BY act_by, alert_id LIMIT $3';

/** One statement for each shape of the list: each is planned once, and must find its rows by an index. */
const unresolvedOfAll = {
  name: 'alerts-unresolved-of-all',
  text: `SELECT ${COLUMNS} FROM alert WHERE NOT resolved AND ${PAGE}`,
};
const everyOfAll = {
  name: 'alerts-every-of-all',
  text: `SELECT ${COLUMNS} FROM alert WHERE ${PAGE}`,
};
const unresolvedOfOwner = {
  name: 'alerts-unresolved-of-owner',
  text: `SELECT ${COLUMNS} FROM alert WHERE owner_org = $4 AND NOT resolved AND ${PAGE}`,
};
const everyOfOwner = {
  name: 'alerts-every-of-owner',
  text: `SELECT ${COLUMNS} FROM alert WHERE owner_org = $4 AND ${PAGE}`,
};

/**
 * A keyset page, most urgent first: by the moment until which somebody must act. Alerts that are resolved are shown only among `all`. The country's
 * coordination desk reads every organisation's alerts; anyone else their own organisation's.
 */
export async function listAlerts(
  tx: Transaction,
  actor: Actor,
  all: boolean,
  from: { readonly actBy: number; readonly id: string },
  size: number,
): Promise<AlertRow[]> {
  const ofCountry = actor.holds('coordinator');
  const page = [from.actBy, from.id, size];
  const values = ofCountry ? page : page.concat(actor.organisation);
  const { name, text } = ofCountry ? (all ? everyOfAll : unresolvedOfAll) : all ? everyOfOwner : unresolvedOfOwner;
  const { rows } = await tx.query<AlertRow>({ name, text, values });
  return rows;
}
