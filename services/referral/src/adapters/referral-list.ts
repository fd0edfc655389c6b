import type { Actor, Transaction } from '@opennrm/runtime';
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

/** `parked` by scalar queries: PostgreSQL could answer EXISTS by reading every offer once, which is more than a page needs. */
const COLUMNS = `id, stage, urgency, requested_at, next_step, next_step_by,
  (SELECT true FROM offer o JOIN quarantine q ON q.key = o.offer_id::text WHERE o.referral_id = referral.id LIMIT 1) IS NOT NULL
  OR (SELECT true FROM referral_case c JOIN quarantine q ON q.key = c.case_reference::text WHERE c.referral_id = referral.id LIMIT 1)
     IS NOT NULL AS parked`;

/** One statement for each shape of the list: each is planned once, and must find its rows by an index. */
const ofAll = {
  name: 'referrals-of-all',
  text: `SELECT ${COLUMNS} FROM referral WHERE id > $1 ORDER BY id LIMIT $2`,
};
const ofAllByStage = {
  name: 'referrals-of-all-by-stage',
  text: `SELECT ${COLUMNS} FROM referral WHERE stage = $3 AND id > $1 ORDER BY id LIMIT $2`,
};
const ofOwner = {
  name: 'referrals-of-owner',
  text: `SELECT ${COLUMNS} FROM referral WHERE owner_org = $3 AND id > $1 ORDER BY id LIMIT $2`,
};
const ofOwnerByStage = {
  name: 'referrals-of-owner-by-stage',
  text: `SELECT ${COLUMNS} FROM referral WHERE owner_org = $3 AND stage = $4 AND id > $1 ORDER BY id LIMIT $2`,
};

/** A keyset page. The country's coordination desk reads every organisation's referrals; anyone else their own organisation's. */
export async function listReferrals(
  tx: Transaction,
  actor: Actor,
  stage: StateName | undefined,
  afterId: string,
  size: number,
): Promise<ReferralRow[]> {
  const { rows } = await tx.query<ReferralRow>(shapeOf(actor, stage, afterId, size));
  return rows;
}

function shapeOf(actor: Actor, stage: StateName | undefined, afterId: string, size: number) {
  if (actor.holds('coordinator')) {
    if (stage === undefined) return { name: ofAll.name, text: ofAll.text, values: [afterId, size] };
    return { name: ofAllByStage.name, text: ofAllByStage.text, values: [afterId, size, stage] };
  }
  const own = actor.organisation;
  if (stage === undefined) return { name: ofOwner.name, text: ofOwner.text, values: [afterId, size, own] };
  return { name: ofOwnerByStage.name, text: ofOwnerByStage.text, values: [afterId, size, own, stage] };
}
