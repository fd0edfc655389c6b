import type { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { answer, FIRST_ID, field, pagingBy, type RpcsOf, refused, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { SearchDecision } from '../../domain/events.ts';
import { mayAct } from '../../handlers/ground.ts';
import { othersToldOf } from '../../handlers/referred-twice.ts';
import { listAlerts } from '../alert-list.ts';
import { decisionOf, timelineOf } from '../history.ts';
import { openOffers } from '../reads.ts';
import { listReferrals } from '../referral-list.ts';
import { referrals } from '../referrals.ts';
import { optionalState } from './states.ts';
import { alertView, decisionView, offerListed, referralRow, referralView } from './views.ts';

type Rpcs = RpcsOf<typeof ReferralServiceService>;
type Reads = Pick<Rpcs, 'getReferral' | 'getDecision' | 'listOpenOffers' | 'listReferrals' | 'listAlerts'>;

const byId = pagingBy({ id: FIRST_ID });
const byTime = pagingBy({ actBy: 0, id: FIRST_ID });
const page = { pageSize: field.pageSize, pageToken: byId.pageToken };

/** Reads of a referral's own organisation (a coordinator's: of all), and of a provider's open offers. */
export const reads: Reads = {
  getReferral: unary(z.object({ referralId: field.id }), async (tx, { referralId }, call) => {
    const referral = await referrals.find(tx, referralId);
    if (!referral || !mayAct(referral, call.actor)) return refused('not-found', 'referral_id');
    const others = await othersToldOf(tx, referral, call.actor);
    return answer(referralView(referral, await timelineOf(tx, referralId), others));
  }),
  getDecision: unary(
    z.object({ referralId: field.id, search: z.number().int().max(10_000, 'must be at most 10000') }),
    async (tx, { referralId, search }, call) => {
      const referral = await referrals.find(tx, referralId);
      if (!referral || !mayAct(referral, call.actor)) return refused('not-found', 'referral_id');
      const record = await decisionOf<SearchDecision>(tx, referralId, search);
      return record
        ? answer(decisionView(record.data, record.rule_version, referral.searches))
        : refused('not-found', 'search');
    },
  ),
  listOpenOffers: unary(z.object(page), async (tx, { pageSize, pageToken }, call) => {
    const rows = await openOffers(tx, call.actor.organisation, pageToken.id, pageSize);
    return answer({
      offers: rows.map(offerListed),
      nextPageToken: byId.nextPageToken(rows, pageSize, (row) => ({ id: row.offer_id })),
    });
  }),
  listReferrals: unary(
    z.object({ ...page, state: optionalState }),
    async (tx, { pageSize, pageToken, state }, call) => {
      const rows = await listReferrals(tx, call.actor, state, pageToken.id, pageSize);
      return answer({
        referrals: rows.map((row) => referralRow(row, call.at)),
        nextPageToken: byId.nextPageToken(rows, pageSize, ({ id }) => ({ id })),
      });
    },
  ),
  listAlerts: unary(
    z.object({ pageSize: field.pageSize, pageToken: byTime.pageToken, includeResolved: z.boolean() }),
    async (tx, request, call) => {
      const rows = await listAlerts(tx, call.actor, request.includeResolved, request.pageToken, request.pageSize);
      return answer({
        alerts: rows.map((row) => alertView(row, call.at)),
        nextPageToken: byTime.nextPageToken(rows, request.pageSize, (row) => ({
          ...{ actBy: row.act_by, id: row.alert_id },
        })),
      });
    },
  ),
};
