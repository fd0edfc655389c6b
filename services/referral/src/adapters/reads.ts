import type { Actor, Transaction } from '@opennrm/runtime';
import type { Referral, StateName } from '../domain/referral.ts';
import type { OfferListed } from './projections.ts';

export async function referralOfOffer(tx: Transaction, offerId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'offer-referral',
    text: 'SELECT referral_id FROM offer WHERE offer_id = $1',
    values: [offerId],
  });
  return rows[0]?.referral_id;
}

/** Locks the referrals of these offers in the order of their ids. */
export async function lockReferralsOf(tx: Transaction, offerIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'referrals-lock',
    text: 'SELECT 1 FROM referral WHERE id IN (SELECT referral_id FROM offer WHERE offer_id = ANY ($1::uuid[])) ORDER BY id FOR UPDATE',
    values: [offerIds],
  });
}

export async function referralsOfCase(tx: Transaction, caseReference: string): Promise<string[]> {
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'case-referrals',
    text: 'SELECT referral_id FROM referral_case WHERE case_reference = $1 ORDER BY referral_id',
    values: [caseReference],
  });
  return rows.map((row) => row.referral_id);
}

/** The referrals of these cases for one need, over or not. */
export async function referralsForNeed(
  tx: Transaction,
  caseReferences: readonly string[],
  need: string,
): Promise<Referral[]> {
  const { rows } = await tx.query<{ state: Referral }>({
    name: 'referrals-for-need',
    text: `SELECT state FROM referral
           WHERE id IN (SELECT referral_id FROM referral_case WHERE case_reference = ANY ($1::uuid[])) AND need = $2
           ORDER BY id`,
    values: [caseReferences, need],
  });
  return rows.map(({ state }) => state);
}

/** Referrals that have asked a service and are not over. */
export async function referralsAsking(tx: Transaction, serviceId: string): Promise<string[]> {
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'service-referrals',
    text: `SELECT DISTINCT referral_id FROM offer
           WHERE service_id = $1 AND status IN ('holding', 'open', 'softened', 'standby', 'confirming', 'confirmed') ORDER BY referral_id`,
    values: [serviceId],
  });
  return rows.map((row) => row.referral_id);
}

export interface OfferRow {
  offer_id: string;
  service_id: string;
  status: string;
  version: number;
  view: OfferListed;
}

/** A keyset page of the offers open to an organisation. `afterId` is the last id of the page before. */
export async function openOffers(
  tx: Transaction,
  organisation: string,
  afterId: string,
  size: number,
): Promise<OfferRow[]> {
  const { rows } = await tx.query<OfferRow>({
    name: 'offers-open',
    text: `SELECT offer_id, service_id, status, version, view FROM offer
           WHERE organisation_id = $1 AND open AND offer_id > $2 ORDER BY offer_id LIMIT $3`,
    values: [organisation, afterId, size],
  });
  return rows;
}

export interface ReferralRow {
  id: string;
  stage: string;
  urgency: number;
  requested_at: number;
  next_step: string | null;
  next_step_by: number | null;
  parked: boolean;
}

export async function listReferrals(
  tx: Transaction,
  actor: Actor,
  stage: StateName | undefined,
  afterId: string,
  size: number,
): Promise<ReferralRow[]> {
  const { rows } = await tx.query<ReferralRow>({
    name: 'referrals-list',
    text: `SELECT id, stage, urgency, requested_at, next_step, next_step_by,
             EXISTS (SELECT 1 FROM offer o JOIN quarantine q ON q.key = o.offer_id::text WHERE o.referral_id = referral.id)
             OR EXISTS (SELECT 1 FROM referral_case c JOIN quarantine q ON q.key = c.case_reference::text WHERE c.referral_id = referral.id) AS parked
           FROM referral
           WHERE ($1::uuid IS NULL OR owner_org = $1) AND ($2 = '' OR stage = $2) AND id > $3 ORDER BY id LIMIT $4`,
    values: [ownOnly(actor), stage ?? '', afterId, size],
  });
  return rows;
}

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

/** Most urgent first: by the moment until which somebody must act. Those that are resolved are shown only among `all`. */
export async function listAlerts(
  tx: Transaction,
  actor: Actor,
  all: boolean,
  from: { actBy: number; id: string },
  size: number,
): Promise<AlertRow[]> {
  const { rows } = await tx.query<AlertRow>({
    name: 'alerts-list',
    text: `SELECT alert_id, referral_id, offer_id, code, owner_role, raised_at, act_by, level, acknowledged, resolved FROM alert
           WHERE ($1::uuid IS NULL OR owner_org = $1) AND ($2 OR NOT resolved) AND (act_by, alert_id) > ($3, $4)
           ORDER BY act_by, alert_id LIMIT $5`,
    values: [ownOnly(actor), all, from.actBy, from.id, size],
  });
  return rows;
}

/** The country's coordination desk sees every organisation's rows; anyone else their own organisation's. */
const ownOnly = (actor: Actor): string | null => (actor.holds('coordinator') ? null : actor.organisation);

export async function referralOfAlert(tx: Transaction, alertId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'alert-referral',
    text: 'SELECT referral_id FROM alert WHERE alert_id = $1',
    values: [alertId],
  });
  return rows[0]?.referral_id;
}

export interface TimelineRow {
  at: number;
  type: string;
  data: { readonly offerId?: string; readonly code?: string };
  author_role: string;
  basis: string | null;
}

const TIMELINE_ENTRIES = 500;

/** What happened to a referral, from the journal: the decision records are read apart (`decisionOf`). */
export async function timelineOf(tx: Transaction, referralId: string): Promise<TimelineRow[]> {
  const { rows } = await tx.query<TimelineRow>({
    name: 'referral-timeline',
    text: `SELECT at, type, data, author_role, basis FROM journal
           WHERE aggregate = 'referral' AND aggregate_id = $1 AND topic IS NULL AND type <> 'SearchDecided'
           ORDER BY position LIMIT ${TIMELINE_ENTRIES}`,
    values: [referralId],
  });
  return rows;
}

/** The decision record of a search; 0 reads the latest. */
export async function decisionOf<Data>(
  tx: Transaction,
  referralId: string,
  search: number,
): Promise<{ data: Data; rule_version: string } | undefined> {
  const { rows } = await tx.query<{ data: Data; rule_version: string }>({
    name: 'referral-decision',
    text: `SELECT data, rule_version FROM journal
           WHERE aggregate = 'referral' AND aggregate_id = $1 AND type = 'SearchDecided' AND ($2 = 0 OR (data->>'search')::int = $2)
           ORDER BY position DESC LIMIT 1`,
    values: [referralId, search],
  });
  return rows[0];
}
