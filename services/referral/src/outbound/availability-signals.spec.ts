import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Service } from '../domain/matching/service.ts';
import type { Member, MemberId, Need } from '../domain/need.ts';
import type { Referral } from '../domain/referral.ts';
import {
  knowledgeAt,
  monday,
  need,
  requested,
  service,
  stateAfter,
} from '../domain/saga.fixture.ts';
import { isAskable } from '../domain/search.ts';
import { findWaitingReferrals } from './availability-signals.ts';
import { referralDatabase } from './referral-database.fixture.ts';
import { referrals } from './referrals.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
let shelter: Service;
beforeAll(async () => {
  world = await referralDatabase();
  shelter = (await world.setShelters(1))[0] as Service;
});
afterAll(() => world.drop());

const groups = ['women', 'men', 'family', 'child', 'age-disputed', 'own-room'];
const regions = ['harbour', 'islands', 'hills'];

const services = fc
  .record({
    groups: fc.subarray(groups, { minLength: 2 }),
    smallest: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 4 }),
    region: fc.constantFrom(...regions),
    need: fc.constantFrom(...Array<string>(9).fill('safe-accommodation'), 'legal-aid'),
    free: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    childLicence: fc.boolean(),
  })
  .map((drawn): Service => {
    const criteria = service('by-offer').criteria;
    return {
      ...shelter,
      need: drawn.need,
      region: drawn.region,
      criteria: {
        ...criteria,
        groups: drawn.groups,
        smallestParty: drawn.smallest,
        largestParty: drawn.smallest + drawn.more,
        childLicence: drawn.childLicence,
      },
      hint:
        drawn.free === undefined
          ? undefined
          : { free: drawn.free, asOf: monday, increasedAt: undefined, increasedByHold: undefined },
    };
  });

const needs = fc
  .record({
    group: fc.constantFrom(...groups),
    excludedRegions: fc.subarray(regions, { maxLength: 1 }),
  })
  .map((drawn): Need => ({ ...need, group: drawn.group, excludedRegions: drawn.excludedRegions }));

const ages = fc.array(fc.constantFrom('no', 'no', 'no', 'no', 'yes', 'unsure'), {
  minLength: 1,
  maxLength: 3,
});

/** An unplaced referral with this need and party. */
function unplaced(need: Need, ages: readonly string[]): Referral {
  const begun = stateAfter(requested(knowledgeAt(monday, []), { members: ages.length }));
  const party = begun.party.map(
    (member, nth): Member => ({
      ...member,
      memberId: randomUUID() as string as MemberId,
      underEighteen: ages[nth] as Member['underEighteen'],
    }),
  );
  return { ...begun, need, party };
}

it('the search for waiting referrals never leaves out one that the rules accept for the service', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(services, needs, ages, async (one, wanted, party) => {
      const waiting = unplaced(wanted, party);
      const fits = isAskable(waiting, one, knowledgeAt(monday, [one]));
      if (fits) accepted++;
      const found = await foundBySql(one, waiting);
      expect(found || !fits).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(10);
});

/** Whether the statement finds this referral for this service; the changes are rolled back. */
async function foundBySql(one: Service, waiting: Referral): Promise<boolean> {
  let found = false;
  const undone = new Error('undone');
  await world
    .inTransaction(async (tx) => {
      const { hint, ...state } = one;
      await tx.query('UPDATE service SET need = $2, state = $3 WHERE id = $1', [
        one.serviceId,
        one.need,
        state,
      ]);
      if (hint)
        await tx.query(
          `INSERT INTO capacity_hint (service_id, unit_kind, free, as_of) VALUES ($1, 'bed', $2, $3)`,
          [one.serviceId, hint.free, hint.asOf],
        );
      await tx.query(
        `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions, asked_count)
         VALUES ($1, $2, 1, 1, $3, 'unplaced', 0, $4, $5, $6, $7, $8, 0)`,
        [
          waiting.referralId,
          waiting.ownerOrg,
          JSON.stringify(waiting),
          monday,
          waiting.need.need,
          waiting.need.group,
          waiting.party.length,
          waiting.need.excludedRegions,
        ],
      );
      const [next] = await findWaitingReferrals(
        tx,
        {
          id: randomUUID(),
          service_id: one.serviceId,
          generation: 1,
          units: 1,
          after_asked_count: -1,
          after_urgency: -1,
          after_requested_at: 0,
          after_id: '00000000-0000-0000-0000-000000000000',
        },
        [{ askedCount: 0, urgency: 'emergency' }],
        1,
      );
      found = next?.id === waiting.referralId;
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return found;
}

it('the columns that the search compares follow the state of the referral', async () => {
  const { referralId } = await world.requestEmergency();
  const { rows } = await world.database.query(
    'SELECT need, group_code, party_size, excluded_regions, asked_count FROM referral WHERE id = $1',
    [referralId],
  );
  const state = await referrals.find(world.database, referralId);
  expect(rows).toEqual([
    {
      need: state?.need.need,
      group_code: state?.need.group,
      party_size: state?.party.length,
      excluded_regions: state?.need.excludedRegions,
      asked_count: 1,
    },
  ]);
});
