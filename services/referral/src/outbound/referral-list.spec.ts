import type { Actor } from '@opennrm/runtime';
import { after, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import * as requests from '../handlers/requests.ts';
import { type Asked, callOf, referralDatabase } from './referral-database.fixture.ts';
import { listReferrals, REFERRALS_BEGIN } from './referral-list.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
let asked: Asked[];
beforeAll(async () => {
  world = await referralDatabase();
  await world.setShelters(0);
  asked = [
    await world.requestEmergency(),
    await world.requestEmergency(),
    await world.requestEmergency(),
  ];
  await withdraws(asked[0]);
});
afterAll(() => world.drop());

const own = { memberId: undefined, code: 'own-wish' };
const withdraws = (one: Asked | undefined) =>
  world.inTransaction((tx) =>
    requests.withdraw(tx, pack, one?.referralId ?? '', own, {
      actor: one?.call.actor ?? coordinator,
      at: after(monday, minutes(1)),
      rpc: 'spec',
    }),
  );
const coordinator = callOf(monday, 'coordinator').actor;
const listed = (actor: Actor, stage?: 'unplaced' | 'withdrawn') =>
  world.inTransaction((tx) => listReferrals(tx, actor, stage, REFERRALS_BEGIN, 50));
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
/** All were requested at the same moment. */
const sorted = (some: readonly Asked[]) =>
  some
    .map(({ referralId }) => referralId)
    .sort()
    .reverse();

it('the list of referrals shows an organisation only its own, and the coordination desk of the country all', async () => {
  expect(idsOf(await listed(coordinator))).toEqual(sorted(asked));
  for (const one of asked) expect(idsOf(await listed(one.call.actor))).toEqual([one.referralId]);
  expect(await listed(callOf(monday).actor)).toEqual([]);
});

it('the list of referrals in one state shows only these, for an organisation and for the coordination desk', async () => {
  const [withdrawn, ...waiting] = asked;
  expect(idsOf(await listed(coordinator, 'unplaced'))).toEqual(sorted(waiting));
  expect(idsOf(await listed(coordinator, 'withdrawn'))).toEqual([withdrawn?.referralId]);
  const actor = withdrawn?.call.actor ?? coordinator;
  expect(idsOf(await listed(actor, 'withdrawn'))).toEqual([withdrawn?.referralId]);
  expect(await listed(actor, 'unplaced')).toEqual([]);
});

it('the list of referrals marks a referral while one of its keys is quarantined', async () => {
  const referralId = asked[1]?.referralId ?? '';
  const parked = async () =>
    (await listed(coordinator)).filter((row) => row.parked).map(({ id }) => id);
  expect(await parked()).toEqual([]);
  await world.database.query(
    `INSERT INTO quarantine (topic, key, reason) SELECT 'a.topic.v1', case_reference, 'gap' FROM referral_case WHERE referral_id = $1`,
    [referralId],
  );
  expect(await parked()).toEqual([referralId]);
});
