import type { Transaction, WriteSet } from '@opennrm/runtime';
import type { ReferralEvent } from '../domain/events.ts';
import { isAnswerable, isUnanswered, type Offer } from '../domain/offer.ts';
import { isOver, offerOf, type Referral } from '../domain/referral.ts';
import { offerChanges } from './offer-changes.ts';
import { forgetReferralsOfCase } from './referrals-of-cases.ts';

/** Updates the tables for lists and look-ups, in the transaction of the referral. */
export async function projectEvent(
  tx: Transaction,
  event: ReferralEvent,
  referral: Referral,
): Promise<void> {
  if (event.type === 'ReferralRequested') linkCases(tx, referral);
  if (event.type === 'MemberLeft') await unlinkCase(tx, event.member.caseReference, referral);
  if ('offerId' in event && event.offerId !== undefined) {
    const offer = offerOf(referral, event.offerId);
    if (offer) tx.write(OFFERS, { offer, referral });
    if (offer) offerChanges.markChanged(tx, offer.organisationId);
  }
  await projectAlert(tx, event, referral);
  if (isOver(referral)) await resolveRemainingAlerts(tx, referral);
}

interface CaseOfReferral {
  readonly caseReference: string;
  readonly referralId: string;
}

const CASES: WriteSet<CaseOfReferral> = {
  name: 'referral-cases',
  text: 'INSERT INTO referral_case (case_reference, referral_id) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING',
  values: (rows) => [
    rows.map(({ caseReference }) => caseReference),
    rows.map(({ referralId }) => referralId),
  ],
};

function linkCases(tx: Transaction, { party, referralId }: Referral): void {
  for (const { caseReference } of party) {
    forgetReferralsOfCase(tx, caseReference);
    tx.write(CASES, { caseReference, referralId });
  }
}

/** A former member has a referral of their own: what the vault announces about them no longer concerns this one. */
async function unlinkCase(
  tx: Transaction,
  caseReference: string,
  { referralId }: Referral,
): Promise<void> {
  forgetReferralsOfCase(tx, caseReference);
  await tx.query({
    name: 'referral-case-delete',
    text: 'DELETE FROM referral_case WHERE case_reference = $1 AND referral_id = $2',
    values: [caseReference, referralId],
  });
}

interface ProjectedOffer {
  readonly offer: Offer;
  readonly referral: Referral;
}

const OFFERS: WriteSet<ProjectedOffer> = {
  name: 'offer-project',
  text: `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, closed_at, view)
         SELECT offer_id, referral_id, organisation_id, service_id, status, open, 1, made_at, closed_at, view
         FROM json_populate_recordset(NULL::offer, $1)
         ON CONFLICT (offer_id) DO UPDATE SET status = excluded.status, open = excluded.open, version = offer.version + 1,
           made_at = excluded.made_at, closed_at = excluded.closed_at, view = excluded.view`,
  key: ({ offer }) => offer.offerId,
  values: (rows) => [
    JSON.stringify(
      rows.map(({ offer, referral }) => ({
        offer_id: offer.offerId,
        referral_id: referral.referralId,
        organisation_id: offer.organisationId,
        service_id: offer.serviceId,
        status: offer.status,
        open: isAnswerable(offer),
        made_at: offer.madeAt,
        closed_at: isUnanswered(offer) ? offer.endedAt : undefined,
        view: viewOf(offer, referral),
      })),
    ),
  ],
};

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

interface RaisedAlert {
  readonly alert: Extract<ReferralEvent, { type: 'AlertRaised' }>;
  readonly referral: Referral;
}

const ALERTS: WriteSet<RaisedAlert> = {
  name: 'alert-raise',
  text: `INSERT INTO alert (alert_id, referral_id, owner_org, offer_id, code, owner_role, raised_at, act_by, level)
         SELECT alert_id, referral_id, owner_org, offer_id, code, owner_role, raised_at, act_by, 1
         FROM json_populate_recordset(NULL::alert, $1)`,
  values: (rows) => [
    JSON.stringify(
      rows.map(({ alert, referral }) => ({
        alert_id: alert.alertId,
        referral_id: referral.referralId,
        owner_org: referral.ownerOrg,
        offer_id: alert.offerId,
        code: alert.code,
        owner_role: alert.ownerRole,
        raised_at: alert.at,
        act_by: alert.actBy,
      })),
    ),
  ],
};

async function projectAlert(
  tx: Transaction,
  event: ReferralEvent,
  referral: Referral,
): Promise<void> {
  switch (event.type) {
    case 'AlertRaised':
      tx.write(ALERTS, { alert: event, referral });
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
