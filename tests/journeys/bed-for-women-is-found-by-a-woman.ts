import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { type Person, request } from './person.ts';
import { openShelter, type Shelter } from './shelter.ts';
import { rows } from './state.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

const MEN = 50;
/** Fewer than the quota of live emergencies of one organisation. */
const OF_ONE_ORGANISATION = 10;

export function bedForWomenIsFoundByAWoman(world: () => World): void {
  it('offers a bed that becomes free to the one person it suits, who waits behind fifty whom it does not suit', async () => {
    const forWomen = await openShelter(world(), { beds: 1, groups: ['women'] });
    const forMen = await openShelter(world(), { beds: 1, groups: ['men'] });
    for (const shelter of [forWomen, forMen]) await setOutOfService(world(), shelter, true);
    const men: Person[] = [];
    for (let nth = 0, from = world().organisation(); nth < MEN; nth++) {
      if (nth % OF_ONE_ORGANISATION === 0) from = world().organisation();
      men.push(await request(world(), { from, group: 'men' }));
    }
    const woman = await request(world(), { group: 'women' });
    await untilNobodyLooksAgainSoon(world(), [...men, woman]);
    const before = await entriesAbout(world(), men);

    await setOutOfService(world(), forWomen, false);
    const offer = await untilOffered(world(), forWomen);
    const offered = await untilState(world(), woman.referralId, 'offered');
    expect(offered.offers.map(({ offerId }) => offerId)).toEqual([offer.offerId]);
    await untilNoSignal(world());
    expect(await entriesAbout(world(), men)).toEqual(before);

    await setOutOfService(world(), forMen, false);
    await untilOffered(world(), forMen);
    expect(await unitsIn(world(), forMen, 'held')).toBe(1);
    const [longestWaiting] = men as [Person];
    expect((await readReferral(world(), longestWaiting.referralId)).state).toBe('offered');
    expect((await readReferral(world(), woman.referralId)).offers).toHaveLength(1);
  });
}

/** Takes the only bed out of service, or back into it, and waits until `referral` has heard of that. */
async function setOutOfService(world: World, shelter: Shelter, outOfService: boolean): Promise<void> {
  const staff = await shelter.as('provider-staff');
  const asked = { siteId: shelter.siteId, pageSize: 1, pageToken: '' };
  const { units } = await call(world.shelters, 'listUnits', asked, staff);
  const [unit] = units;
  if (!unit) throw new Error('the shelter has no bed');
  const code = outOfService ? 'repair' : '';
  await call(world.shelters, 'setOutOfService', { unitId: unit.unitId, outOfService, code }, staff);
  if (!outOfService) return;
  const known = 'SELECT free FROM capacity_hint WHERE service_id = $1';
  await eventually(async () =>
    expect(await rows(world, 'referral', known, [shelter.serviceId])).toEqual([{ free: 0 }]),
  );
}

/** Everybody is unplaced and has had the second look after a minute: the next one by time alone is hours away. */
async function untilNobodyLooksAgainSoon(world: World, people: readonly Person[]): Promise<void> {
  const unplaced = `SELECT count(*)::int AS count FROM referral
    WHERE id = ANY ($1::uuid[]) AND stage = 'unplaced' AND (state->'stage'->>'lookedAgain')::boolean = $2`;
  const ids = people.map(({ referralId }) => referralId);
  await eventually(async () =>
    expect(await rows(world, 'referral', unplaced, [ids, false])).toEqual([{ count: people.length }]),
  );
  await world.pass(minutes(2));
  await eventually(async () =>
    expect(await rows(world, 'referral', unplaced, [ids, true])).toEqual([{ count: people.length }]),
  );
}

const entriesAbout = (world: World, people: readonly Person[]) =>
  rows(world, 'referral', 'SELECT position FROM journal WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY position', [
    people.map(({ referralId }) => referralId),
  ]);

const untilNoSignal = (world: World): Promise<void> =>
  eventually(async () => expect(await rows(world, 'referral', 'SELECT 1 FROM fit_signal')).toEqual([]));
