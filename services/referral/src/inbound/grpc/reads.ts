import type { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { answer, field, pagingBy, type RpcsOf, refused, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { SearchDecision } from '../../domain/events.ts';
import { mayAct } from '../../handlers/change-referral.ts';
import { findOtherReferralIds } from '../../handlers/referred-twice.ts';
import {
  ALL_BEGIN,
  listAlerts,
  positionOfAlert,
  UNRESOLVED_BEGIN,
} from '../../outbound/alert-list.ts';
import { OFFERS_BEGIN, openOffers } from '../../outbound/reads.ts';
import { listReferrals, REFERRALS_BEGIN } from '../../outbound/referral-list.ts';
import { referrals } from '../../outbound/referrals.ts';
import { decisionOf, timelineOf } from '../../outbound/timeline.ts';
import { optionalState } from './states.ts';
import { alertView, decisionView, openOfferView, referralRow, referralView } from './views.ts';

type Rpcs = RpcsOf<typeof ReferralServiceService>;
type Reads = Pick<
  Rpcs,
  'getReferral' | 'getDecision' | 'listOpenOffers' | 'listReferrals' | 'listAlerts'
>;

const offersPaging = pagingBy(OFFERS_BEGIN);
const referralsPaging = pagingBy(REFERRALS_BEGIN, 'newest');
const unresolvedPaging = pagingBy(UNRESOLVED_BEGIN);
const allPaging = pagingBy(ALL_BEGIN, 'newest');

const { pageSize } = field;
/** With resolved alerts the list has another order, so a page token of one list is invalid for the other. */
const alertsAsked = z.discriminatedUnion('includeResolved', [
  z.object({ includeResolved: z.literal(false), pageSize, pageToken: unresolvedPaging.pageToken }),
  z.object({ includeResolved: z.literal(true), pageSize, pageToken: allPaging.pageToken }),
]);

/** Reads of the referrals of an organisation (the coordination desk: of all), and of the open offers of a provider. */
export const reads: Reads = {
  getReferral: unary(z.object({ referralId: field.id }), async (tx, { referralId }, call) => {
    const referral = await referrals.find(tx, referralId);
    if (!referral || !mayAct(referral, call.actor)) return refused('not-found', 'referral_id');
    const others = await findOtherReferralIds(tx, referral, call.actor);
    return answer(referralView(referral, await timelineOf(tx, referralId), others));
  }),
  getDecision: unary(
    z.object({
      referralId: field.id,
      search: z.number().int().max(10_000, 'must be at most 10000'),
    }),
    async (tx, { referralId, search }, call) => {
      const referral = await referrals.find(tx, referralId);
      if (!referral || !mayAct(referral, call.actor)) return refused('not-found', 'referral_id');
      const record = await decisionOf<SearchDecision>(tx, referralId, search);
      return record
        ? answer(decisionView(record.data, record.rule_version, referral.searches))
        : refused('not-found', 'search');
    },
  ),
  listOpenOffers: unary(
    z.object({ pageSize, pageToken: offersPaging.pageToken }),
    async (tx, request, call) => {
      const rows = await openOffers(
        tx,
        call.actor.organisation,
        request.pageToken,
        request.pageSize,
      );
      return answer({
        offers: rows.map(openOfferView),
        nextPageToken: offersPaging.nextPageToken(rows, request.pageSize, (row) => ({
          madeAt: row.made_at,
          id: row.offer_id,
        })),
      });
    },
  ),
  listReferrals: unary(
    z.object({ pageSize, pageToken: referralsPaging.pageToken, state: optionalState }),
    async (tx, request, call) => {
      const rows = await listReferrals(
        tx,
        call.actor,
        request.state,
        request.pageToken,
        request.pageSize,
      );
      return answer({
        referrals: rows.map((row) => referralRow(row, call.at)),
        nextPageToken: referralsPaging.nextPageToken(rows, request.pageSize, (row) => ({
          requestedAt: row.requested_at,
          id: row.id,
        })),
      });
    },
  ),
  listAlerts: unary(alertsAsked, async (tx, request, call) => {
    const rows = await listAlerts(
      tx,
      call.actor,
      request.includeResolved,
      request.pageToken,
      request.pageSize,
    );
    const paging = request.includeResolved ? allPaging : unresolvedPaging;
    return answer({
      alerts: rows.map((row) => alertView(row, call.at)),
      nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) =>
        positionOfAlert(row, request.includeResolved),
      ),
    });
  }),
};
