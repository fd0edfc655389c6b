import type { Transaction } from '@opennrm/runtime';
import type { ReferralEvent } from '../domain/events.ts';
import { isAnswerable, isUnanswered, type Offer } from '../domain/offer.ts';
import { isOver, offerOf, type Referral } from '../domain/referral.ts';
import { offerChanges } from './offer-changes.ts';

/** Updates the tables for lists and look-ups, in the transaction of the referral. */
export async function projectEvent(
  tx: Transaction,
  event: ReferralEvent,
  referral: Referral,
): Promise<void> {
  if (event.type === 'ReferralRequested') await linkCases(tx, referral);
  if (event.type === 'MemberLeft') await unlinkCase(tx, event.member.caseReference, referral);
  if ('offerId' in event && event.offerId !== undefined) {
    const offer = offerOf(referral, event.offerId);
    if (offer) await projectOffer(tx, offer, referral);
    if (offer) offerChanges.markChanged(tx, offer.organisationId);
  }
  await projectAlert(tx, event, referral);
  if (isOver(referral)) await resolveRemainingAlerts(tx, referral);
}

const linkCases = (tx: Transaction, referral: Referral) =>
  tx.query({
    name: 'referral-cases',
    text: 'INSERT INTO referral_case (case_reference, referral_id) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING',
    values: [referral.party.map((member) => member.caseReference), referral.referralId],
  });

/** A former member has a referral of their own: what the vault announces about them no longer concerns this one. */
const unlinkCase = (tx: Transaction, caseReference: string, { referralId }: Referral) =>
  tx.query({
    name: 'referral-case-delete',
    text: 'DELETE FROM referral_case WHERE case_reference = $1 AND referral_id = $2',
    values: [caseReference, referralId],
  });

const projectOffer = (tx: Transaction, offer: Offer, referral: Referral) =>
  tx.query({
    name: 'offer-project',
    text: `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, closed_at, view)
           VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)
           ON CONFLICT (offer_id) DO UPDATE SET status = excluded.status, open = excluded.open, version = offer.version + 1,
             made_at = excluded.made_at, closed_at = excluded.closed_at, view = excluded.view`,
    values: [
      offer.offerId,
      referral.referralId,
      offer.organisationId,
      offer.serviceId,
      offer.status,
      isAnswerable(offer),
      offer.madeAt ?? null,
      isUnanswered(offer) ? (offer.endedAt ?? null) : null,
      viewOf(offer, referral),
    ],
  });

/** What a provider sees of an offer before it reads the profile: nothing about the person. */
export interface OfferSummary {
  readonly unitKind: string;
  readonly places: number;
  readonly urgency: Referral['urgency'];
  readonly softDeadline: number | undefined;
  readonly closesAt: number | undefined;
  readonly askedCount: number;
  readonly remindersSent: number;
  readonly acceptance: Offer['acceptance'];
}

function viewOf(offer: Offer, referral: Referral): OfferSummary {
  const { softDeadline, closesAt, remindersSent, acceptance } = offer;
  const askedCount = referral.offers.filter(
    (one) => isAnswerable(one) || one.status === 'holding',
  ).length;
  return {
    unitKind: referral.unitKind,
    places: referral.party.length,
    urgency: referral.urgency,
    softDeadline,
    closesAt,
    askedCount,
    remindersSent,
    acceptance,
  };
}

async function projectAlert(
  tx: Transaction,
  event: ReferralEvent,
  referral: Referral,
): Promise<void> {
  switch (event.type) {
    case 'AlertRaised':
      await tx.query({
        name: 'alert-raise',
        text: `INSERT INTO alert (alert_id, referral_id, owner_org, offer_id, code, owner_role, raised_at, act_by, level)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
        values: [
          event.alertId,
          referral.referralId,
          referral.ownerOrg,
          event.offerId ?? null,
          event.code,
          event.ownerRole,
          event.at,
          event.actBy,
        ],
      });
      return;
    case 'AlertOverdue':
      await tx.query({
        name: 'alert-overdue',
        text: 'UPDATE alert SET level = $2, act_by = $3 WHERE alert_id = $1',
        values: [event.alertId, event.level, event.actBy],
      });
      return;
    case 'AlertAcknowledged':
      await tx.query({
        name: 'alert-acknowledge',
        text: 'UPDATE alert SET acknowledged = true WHERE alert_id = $1',
        values: [event.alertId],
      });
      return;
    case 'AlertResolved':
      await tx.query({
        name: 'alert-resolve',
        text: 'UPDATE alert SET resolved = true WHERE alert_id = $1',
        values: [event.alertId],
      });
      return;
    default:
  }
}

/** A referral that is over resolves its open alerts, except those that stay open after the end (`alertsAfterEnd`) and newer ones. */
const resolveRemainingAlerts = (tx: Transaction, referral: Referral) =>
  tx.query({
    name: 'alerts-resolve-remaining',
    text: 'UPDATE alert SET resolved = true WHERE referral_id = $1 AND NOT resolved AND alert_id <> ALL ($2::uuid[])',
    values: [referral.referralId, referral.alerts.map((alert) => alert.alertId)],
  });
