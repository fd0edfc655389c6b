import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { openVaultCase, recordPermission } from './consent/consent-details.ts';
import { type Person, request } from './person.ts';
import { openShelter, type Shelter } from './shelter.ts';
import { rows } from './state.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

const MEN = 50;
const AT_ONCE = 10;
/** Requests of one organisation. The next organisation requests before the quota of emergencies is exceeded. */
const OF_ONE_ORGANISATION = 10;

export function bedForWomenIsFoundByAWoman(world: () => World): void {
  it('a bed for women is offered to the one woman, though fifty men have waited longer, and a bed for men to the man who has waited longest', async () => {
    const [ofWomen, ofMen] = [await full(world(), 'women'), await full(world(), 'men')];
    const lessUrgent = await lessUrgentMan(world());
    const first = await request(world(), { group: 'men' });
    const others = [lessUrgent, ...(await men(world(), MEN - 1))];
    const woman = await request(world());
    const everyReferral = [first, ...others, woman].map(({ referralId }) => referralId);
    await untilNoSearchIsDueSoon(world(), everyReferral);
    const nextSearch = (await readReferral(world(), woman.referralId)).nextStepBy;
    const before = await waiting(world(), [first, ...others]);

    await isFreed(world(), ofWomen);
    const offered = await untilState(world(), woman.referralId, 'offered');
    expect(offered.offers.map((one) => one.organisationId)).toEqual([ofWomen.id]);
    expect(world().now()).toBeLessThan(nextSearch?.getTime() ?? 0);
    await untilEverySignalIsOver(world());
    expect(await waiting(world(), [first, ...others])).toEqual(before);
    expect(await offersTo(world(), ofWomen)).toHaveLength(1);

    await isFreed(world(), ofMen);
    const asked = await untilState(world(), first.referralId, 'offered');
    expect(asked.offers.map((one) => one.organisationId)).toEqual([ofMen.id]);
    await untilEverySignalIsOver(world());
    expect(await waiting(world(), others)).toEqual(
      before.filter(({ id }) => id !== first.referralId),
    );
    expect(await offersTo(world(), ofMen)).toHaveLength(1);
  }, 180_000);
}

interface Full extends Shelter {
  /** The hold of the person who stays there. */
  readonly holdId: string;
}

/** A shelter with one bed, which is occupied. */
async function full(world: World, group: string): Promise<Full> {
  const shelter = await openShelter(world, { beds: 1, groups: [group] });
  const { referralId } = await request(world, { group, from: world.organisation() });
  const { offerId: holdId } = await untilOffered(world, shelter);
  const staff = await shelter.as('provider-staff');
  await call(world.referral, 'acceptOffer', { offerId: holdId }, staff);
  await untilState(world, referralId, 'awaiting-person');
  await call(world.shelters, 'recordArrival', { holdId }, staff);
  await untilState(world, referralId, 'started');
  return { ...shelter, holdId };
}

async function isFreed(world: World, { holdId, ...shelter }: Full): Promise<void> {
  await call(
    world.shelters,
    'endStay',
    { holdId, code: 'moved-on' },
    await shelter.as('provider-staff'),
  );
}

/** A referral that is older than all others, and less urgent. */
async function lessUrgentMan(world: World): Promise<Person> {
  const { caseId, referenceFor } = await openVaultCase(world);
  await recordPermission(world, caseId);
  const caseReferences = [referenceFor('referral')];
  const man = await request(world, {
    group: 'men',
    urgency: Urgency.URGENT,
    basis: '',
    caseReferences,
  });
  await untilState(world, man.referralId, 'unplaced');
  return man;
}

async function men(world: World, count: number): Promise<Person[]> {
  const left = Array.from({ length: count }, (_, nth) => nth);
  const asked: Person[] = [];
  const worker = async (): Promise<void> => {
    for (let nth = 0, from = world.organisation(); left.pop() !== undefined; nth++) {
      if (nth % OF_ONE_ORGANISATION === 0) from = world.organisation();
      asked.push(await request(world, { group: 'men', from }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return asked;
}

/** An unplaced referral searches again after a minute and then after hours. Between the two, only another event can cause a search. */
async function untilNoSearchIsDueSoon(world: World, ids: readonly string[]): Promise<void> {
  const unplaced = (more = '') =>
    rows(
      world,
      'referral',
      `SELECT 1 FROM referral WHERE id = ANY ($1::uuid[]) AND stage = 'unplaced' ${more}`,
      [ids],
    );
  await eventually(async () => expect(await unplaced()).toHaveLength(ids.length));
  await world.advanceTime(minutes(2));
  const rechecked = `AND (state->'stage'->>'isRechecked')::boolean`;
  await eventually(async () => expect(await unplaced(rechecked)).toHaveLength(ids.length));
}

/** The current state of the referrals, and how many offers each has ever had. */
const waiting = (world: World, people: readonly Person[]) =>
  rows<{ id: string }>(
    world,
    'referral',
    `SELECT r.id, r.version, r.stage, r.next_step_by, (SELECT count(*) FROM offer o WHERE o.referral_id = r.id) AS offers
     FROM referral r WHERE r.id = ANY ($1::uuid[]) ORDER BY r.id`,
    [people.map(({ referralId }) => referralId)],
  );

const untilEverySignalIsOver = (world: World): Promise<void> =>
  eventually(async () =>
    expect(await rows(world, 'referral', 'SELECT 1 FROM availability_signal')).toEqual([]),
  );

async function offersTo(world: World, shelter: Shelter) {
  const page = { pageSize: 50, pageToken: '' };
  return (await call(world.referral, 'listOpenOffers', page, await shelter.as('provider-staff')))
    .offers;
}
