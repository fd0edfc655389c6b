import { FIRST_ID, type Transaction } from '@opennrm/runtime';
import type { Referral } from '../domain/referral.ts';
import type { OfferSummary } from './projections.ts';
import { referrals } from './referrals.ts';

/** The referral of an offer never changes, so a transaction remembers it. */
const remember = (tx: Transaction, offerId: string, referralId: string): void =>
  void tx.memory.set(`referral of offer ${offerId}`, referralId);

/** Locks and reads the referral of an offer. @returns its id; undefined where there is no such offer. */
export async function lockReferralOfOffer(
  tx: Transaction,
  offerId: string,
): Promise<string | undefined> {
  const known = tx.memory.get(`referral of offer ${offerId}`);
  if (typeof known === 'string') return known;
  const [locked] = await referrals.lockSelected(tx, {
    name: 'offer-referral-lock',
    text: 'SELECT referral_id FROM offer WHERE offer_id = $1',
    values: [offerId],
  });
  if (locked) remember(tx, offerId, locked.id);
  return locked?.id;
}

/** Locks and reads the referrals of these offers in the order of their ids. */
export async function lockReferralsOf(tx: Transaction, offerIds: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ offer_id: string; referral_id: string }>({
    name: 'offers-referrals',
    text: 'SELECT offer_id, referral_id FROM offer WHERE offer_id = ANY ($1::uuid[])',
    values: [offerIds],
  });
  for (const row of rows) remember(tx, row.offer_id, row.referral_id);
  await referrals.lockAll(
    tx,
    rows.map((row) => row.referral_id),
  );
}

/** Locks the referrals of these cases, over or not, in the order of their ids. @returns them as they are after locking. */
export async function lockReferralsOfCases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<Referral[]> {
  const locked = await referrals.lockSelected(tx, {
    name: 'case-referrals-lock',
    text: 'SELECT referral_id FROM referral_case WHERE case_reference = ANY ($1::uuid[])',
    values: [caseReferences],
  });
  return locked.map(({ state }) => state);
}

/** The referrals of these cases, over or not. None of them is locked. */
export async function referralsOfCases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<Referral[]> {
  const { rows } = await tx.query<{ state: Referral }>({
    name: 'cases-referrals',
    text: `SELECT state FROM referral WHERE id IN (SELECT referral_id FROM referral_case WHERE case_reference = ANY ($1::uuid[]))
           ORDER BY id`,
    values: [caseReferences],
  });
  return rows.map(({ state }) => state);
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

/** Locks the referrals with an offer to this service that has not ended, in the order of their ids. */
export async function lockReferralsOfService(
  tx: Transaction,
  serviceId: string,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'service-referrals-lock',
    text: `SELECT id FROM referral
           WHERE id IN (SELECT referral_id FROM offer
             WHERE service_id = $1 AND status IN ('holding', 'open', 'softened', 'standby', 'confirming', 'confirmed'))
           ORDER BY id FOR UPDATE`,
    values: [serviceId],
  });
  return rows.map(({ id }) => id);
}

export interface OfferRow {
  offer_id: string;
  service_id: string;
  status: string;
  version: number;
  made_at: number;
  view: OfferSummary;
}

/** The position in the list: by when the offer was made, then by its id. */
export interface OfferPosition {
  readonly madeAt: number;
  readonly id: string;
}

/** Before every offer. */
export const OFFERS_BEGIN = { madeAt: 0, id: FIRST_ID } as const;

/** A keyset page of the open offers to an organisation, the oldest first, because it has waited longest. */
export async function openOffers(
  on: Pick<Transaction, 'query'>,
  organisation: string,
  after: OfferPosition,
  size: number,
): Promise<OfferRow[]> {
  const { rows } = await on.query<OfferRow>({
    name: 'offers-open',
    text: `SELECT offer_id, service_id, status, version, made_at, view FROM offer
           WHERE organisation_id = $1 AND open AND (made_at, offer_id) > ($2, $3) ORDER BY made_at, offer_id LIMIT $4`,
    values: [organisation, after.madeAt, after.id, size],
  });
  return rows;
}

export async function referralOfAlert(
  tx: Transaction,
  alertId: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ referral_id: string }>({
    name: 'alert-referral',
    text: 'SELECT referral_id FROM alert WHERE alert_id = $1',
    values: [alertId],
  });
  return rows[0]?.referral_id;
}
