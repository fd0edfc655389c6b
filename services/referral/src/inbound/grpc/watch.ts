import type { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { type Database, limits, type RpcsOf, streaming } from '@opennrm/runtime';
import { z } from 'zod';
import { offerChanges } from '../../outbound/offer-changes.ts';
import {
  OFFERS_BEGIN,
  type OfferPosition,
  type OfferRow,
  openOffers,
} from '../../outbound/reads.ts';
import { openOfferView } from './views.ts';

const POLL_MS = 1_000;
const MAX_OFFERS = 1_000;

type Watch = Pick<RpcsOf<typeof ReferralServiceService>, 'watchOpenOffers'>;

/**
 * Sends the state, not the history (design rule 19): first the oldest open offers, then only those that are new, changed or no longer
 * open.
 */
export const watch = (database: Database): Watch => ({
  watchOpenOffers: streaming(z.object({}), async (_request, call, send, signal) => {
    let sentVersions = new Map<string, number>();
    let first = true;
    const { organisation } = call.actor;
    while (!signal.aborted) {
      const count = offerChanges.count(organisation);
      const rows = await allOpen(database, organisation);
      const changed = rows.filter((row) => sentVersions.get(row.offer_id) !== row.version);
      const now = new Map(rows.map((row) => [row.offer_id, row.version]));
      const removedOfferIds = [...sentVersions.keys()].filter((offerId) => !now.has(offerId));
      if (first || changed.length > 0 || removedOfferIds.length > 0)
        await send({ changed: changed.map(openOfferView), removedOfferIds: removedOfferIds });
      first = false;
      sentVersions = now;
      await offerChanges.waitForChange(organisation, count, POLL_MS, signal);
    }
  }),
});

async function allOpen(database: Database, organisation: string): Promise<OfferRow[]> {
  const rows: OfferRow[] = [];
  for (let after: OfferPosition = OFFERS_BEGIN; rows.length < MAX_OFFERS; ) {
    const page = await openOffers(database, organisation, after, limits.page);
    rows.push(...page);
    if (page.length < limits.page) break;
    const last = page.at(-1);
    if (last) after = { madeAt: last.made_at, id: last.offer_id };
  }
  return rows;
}
