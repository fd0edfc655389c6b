import { type AggregateKind, aggregateStore } from '@opennrm/messaging';
import { nextDeadline } from '../domain/deadlines.ts';
import { countsTowardsQuota } from '../domain/emergency-quota.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { evolve, type Referral, stateName } from '../domain/referral.ts';
import { askedWhileSearching } from '../domain/service-available.ts';
import { projectEvent } from './projections.ts';
import { messagesOf } from './published.ts';
import { urgencyOrder } from './urgency-order.ts';

const kind: AggregateKind<Referral, ReferralEvent> = {
  name: 'referral',
  evolve,
  row: (referral) => {
    const next = nextDeadline(referral);
    return {
      owner_org: referral.ownerOrg,
      stage: stateName(referral),
      urgency: urgencyOrder[referral.urgency],
      requested_at: referral.requestedAt,
      next_step: next?.kind ?? null,
      next_step_by: next?.due ?? null,
      need: referral.need.need,
      group_code: referral.need.group,
      asked_count: askedWhileSearching(referral) ?? null,
      party_size: referral.party.length,
      requested_by: referral.requestedBy,
      counts_towards_quota: countsTowardsQuota(referral),
      excluded_regions: referral.need.excludedRegions,
    };
  },
  messages: messagesOf,
  nextDeadline: (referral) => {
    const next = nextDeadline(referral);
    return next && { kind: next.kind, due: next.due };
  },
  afterEvent: projectEvent,
};

/** The only access to a referral's row for reading and changing. */
export const referrals = aggregateStore(kind);
