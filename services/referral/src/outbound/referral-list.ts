import { type Actor, LATEST_ID, type Transaction } from '@opennrm/runtime';
import type { StateName } from '../domain/referral.ts';

export interface ReferralRow {
  id: string;
  stage: string;
  urgency: number;
  requested_at: number;
  next_step: string | null;
  next_step_by: number | null;
  parked: boolean;
}

/** `parked` by scalar queries: with EXISTS, PostgreSQL could read every offer once, which costs more than a page needs. */
const COLUMNS = `id, stage, urgency, requested_at, next_step, next_step_by,
  (SELECT true FROM offer o JOIN quarantine q ON q.key = o.offer_id::text WHERE o.referral_id = referral.id LIMIT 1) IS NOT NULL
  OR (SELECT true FROM referral_case c JOIN quarantine q ON q.key = c.case_reference::text WHERE c.referral_id = referral.id LIMIT 1)
     IS NOT NULL AS parked`;

const PAGE = '(requested_at, id) < ($1, $2) ORDER BY requested_at DESC, id DESC LIMIT $3';

/** One statement for each shape of the list: each is planned once, and must find its rows by an index. */
const ofAll = {
  name: 'referrals-of-all',
  text: `SELECT ${COLUMNS} FROM referral WHERE ${PAGE}`,
};
const ofAllByStage = {
  name: 'referrals-of-all-by-stage',
  text: `SELECT ${COLUMNS} FROM referral WHERE stage = $4 AND ${PAGE}`,
};
const ofOwner = {
  name: 'referrals-of-owner',
  text: `SELECT ${COLUMNS} FROM referral WHERE owner_org = $4 AND ${PAGE}`,
};
const ofOwnerByStage = {
  name: 'referrals-of-owner-by-stage',
  text: `SELECT ${COLUMNS} FROM referral WHERE owner_org = $4 AND stage = $5 AND ${PAGE}`,
};

/** The position in the list: by when the referral was requested, then by its id. */
export interface ReferralPosition {
  readonly requestedAt: number;
  readonly id: string;
}

/** Before the newest request. */
export const REFERRALS_BEGIN = { requestedAt: Number.MAX_SAFE_INTEGER, id: LATEST_ID } as const;

/**
 * A keyset page, the newest request first. `listAlerts` lists what needs action. The coordination desk of the country reads the
 * referrals of every organisation; all others read those of their own organisation.
 */
export async function listReferrals(
  tx: Transaction,
  actor: Actor,
  stage: StateName | undefined,
  from: ReferralPosition,
  size: number,
): Promise<ReferralRow[]> {
  const { rows } = await tx.query<ReferralRow>(
    shapeOf(actor, stage, [from.requestedAt, from.id, size]),
  );
  return rows;
}

function shapeOf(actor: Actor, stage: StateName | undefined, page: readonly (number | string)[]) {
  if (actor.holds('coordinator')) {
    if (stage === undefined) return { name: ofAll.name, text: ofAll.text, values: page };
    return { name: ofAllByStage.name, text: ofAllByStage.text, values: page.concat(stage) };
  }
  const own = actor.organisation;
  if (stage === undefined)
    return { name: ofOwner.name, text: ofOwner.text, values: page.concat(own) };
  return { name: ofOwnerByStage.name, text: ofOwnerByStage.text, values: page.concat(own, stage) };
}
