import type { Alert } from '@opennrm/contracts/opennrm/referral/v1/alert.ts';
import type { OpenOffer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import type {
  GetReferralResponse,
  OfferView,
  ReferralRow as ReferralLine,
} from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import type { GetDecisionResponse } from '@opennrm/contracts/opennrm/referral/v1/search.ts';
import type { Instant } from '@opennrm/runtime/decision';
import { nextDeadline } from '../../domain/deadlines.ts';
import type { SearchDecision } from '../../domain/events.ts';
import { bindingRuleOf, excludedByOf } from '../../domain/matching/decision-record.ts';
import type { Offer } from '../../domain/offer.ts';
import { type Referral, stateName } from '../../domain/referral.ts';
import type { AlertRow } from '../../outbound/alert-list.ts';
import type { OfferRow } from '../../outbound/reads.ts';
import type { ReferralRow } from '../../outbound/referral-list.ts';
import type { TimelineRow } from '../../outbound/timeline.ts';
import { urgencyOnWire } from './need.ts';

const moment = (at: number | null | undefined): Date | undefined =>
  at === null || at === undefined ? undefined : new Date(at);
const underEighteenOnWire = {
  no: UnderEighteen.NO,
  yes: UnderEighteen.YES,
  unsure: UnderEighteen.UNSURE,
} as const;

export function referralView(
  referral: Referral,
  timeline: readonly TimelineRow[],
  otherReferralIds: readonly string[],
): GetReferralResponse {
  const next = nextDeadline(referral);
  return {
    referralId: referral.referralId,
    state: stateName(referral),
    urgency: urgencyOnWire[referral.urgency],
    needVersion: referral.needVersion,
    offers: referral.offers.map(offerView),
    timeline: timeline.map(({ at, type, data, author_role: role, basis }) => ({
      at: moment(at),
      event: type,
      offerId: data.offerId ?? '',
      code: data.code ?? '',
      role,
      basis: basis ?? '',
    })),
    nextStep: next?.kind ?? '',
    nextStepBy: moment(next?.due),
    placeOfLastResort:
      (referral.stage.name === 'unplaced' && referral.stage.placeOfLastResort) || '',
    party: referral.party.map(({ memberId, caseReference, underEighteen }) => ({
      memberId,
      caseReference,
      underEighteen: underEighteenOnWire[underEighteen],
    })),
    otherReferralIds: [...otherReferralIds],
    appointmentAt: moment(referral.stage.name === 'appointment' ? referral.stage.at : undefined),
  };
}

const offerView = (offer: Offer): OfferView => ({
  offerId: offer.offerId,
  serviceId: offer.serviceId,
  organisationId: offer.organisationId,
  status: offer.status,
  acceptance: offer.acceptance,
  madeAt: moment(offer.madeAt),
  softDeadline: moment(offer.softDeadline),
  closesAt: moment(offer.closesAt),
  code: offer.code ?? '',
});

export function openOfferView({
  offer_id,
  service_id,
  status,
  version,
  view,
}: OfferRow): OpenOffer {
  return {
    offerId: offer_id,
    serviceId: service_id,
    status,
    version,
    unitKind: view.unitKind,
    places: view.places,
    urgency: urgencyOnWire[view.urgency],
    softDeadline: moment(view.softDeadline),
    closesAt: moment(view.closesAt),
    askedCount: view.askedCount,
    reminders: view.remindersSent,
    acceptance: view.acceptance,
  };
}

const urgencies = [Urgency.EMERGENCY, Urgency.URGENT, Urgency.PLANNED] as const;

export const referralRow = (row: ReferralRow, now: Instant): ReferralLine => ({
  referralId: row.id,
  state: row.stage,
  urgency: urgencies[row.urgency] ?? Urgency.UNSPECIFIED,
  requestedAt: moment(row.requested_at),
  nextStep: row.next_step ?? '',
  nextStepBy: moment(row.next_step_by),
  overdue: row.next_step_by !== null && row.next_step_by < now,
  parked: row.parked,
});

export const alertView = (row: AlertRow, now: Instant): Alert => ({
  alertId: row.alert_id,
  referralId: row.referral_id,
  offerId: row.offer_id ?? '',
  code: row.code,
  ownerRole: row.owner_role,
  raisedAt: moment(row.raised_at),
  actBy: moment(row.act_by),
  level: row.level,
  acknowledged: row.acknowledged,
  resolved: row.resolved,
  overdue: !row.resolved && (row.act_by < now || row.level > 1),
});

/** Counts are shown only in bands: how many other services there are must not be revealed (`matching.md` §4). */
const band = (count: number): string =>
  count === 0 ? 'none' : count <= 5 ? '1-5' : count <= 20 ? '6-20' : 'more';

export function decisionView(
  record: SearchDecision,
  ruleVersion: string,
  searches: number,
): GetDecisionResponse {
  const binding = bindingRuleOf(record);
  const excludedBy = Object.entries(excludedByOf(record)).toSorted(
    ([, one], [, other]) => other - one,
  );
  return {
    search: record.search,
    at: moment(record.at),
    ruleVersion,
    searches,
    bindingRule: binding?.rule ?? '',
    bindingBand: band(binding?.count ?? 0),
    excludedBy: excludedBy.map(([rule, count]) => ({ rule, band: band(count) })),
    checkedBand: band(record.candidates.length + record.others.count),
    candidates: record.candidates.map(({ serviceId, failed, unanswered, terms, asked }, index) => ({
      serviceId,
      failed: [...failed],
      unanswered: [...unanswered],
      isAsked: asked,
      terms: terms.map((value, nth) => ({ term: record.order[nth] ?? '', value })),
      rank: failed.length + unanswered.length === 0 ? index + 1 : 0,
    })),
  };
}
