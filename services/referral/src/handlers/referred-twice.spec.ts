import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { serviceChanged, serviceStarted } from '../domain/service-started.ts';
import { type Asked, callOf } from '../outbound/referral-database.fixture.ts';
import { resolve } from './alerts.ts';
import { checkAll } from './check-all.fixture.ts';
import { references, referredTwiceDatabase } from './referred-twice.fixture.ts';
import { findOtherReferralIds } from './referred-twice.ts';
import { overrideRule } from './requests.ts';

let world: Awaited<ReturnType<typeof referredTwiceDatabase>>;
beforeAll(async () => {
  world = await referredTwiceDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));
afterEach(() => checkAll(world.database, monday));

const TWICE = 'person-referred-twice';

/** The person arrives at the place that was asked first. */
async function arrives({ referralId }: Asked): Promise<string> {
  const offerId = (await world.stateOf(referralId)).offers[0]?.offerId ?? '';
  await world.applyDecision(referralId, monday, (r, k) => serviceStarted(r, offerId, monday, k));
  return offerId;
}
const rowsOf = async ({ referralId }: Asked) => {
  const sql = 'SELECT code, owner_role, resolved FROM alert WHERE referral_id = $1 AND code = $2';
  return (await world.database.query(sql, [referralId, TWICE])).rows;
};

describe('two emergencies that turn out to be for one person', () => {
  it.each([
    ['in the order in which they were registered', (r1: string, r2: string) => [[r1], [r2, r1]]],
    ['in the other order', (r1: string, r2: string) => [[r2, r1], [r1]]],
    ['twice', (r1: string, r2: string) => [[r2, r1], [r1], [r2, r1], [r1]]],
  ])("each raise one alert, where the vault's events arrive %s", async (_says, eventsOf) => {
    const [r1 = '', r2 = ''] = references(2);
    const asked = [await world.asksFor(r1), await world.asksFor(r2)];
    const before = await Promise.all(asked.map(({ referralId }) => world.stateOf(referralId)));
    for (const [reference = '', ...same] of eventsOf(r1, r2))
      await world.registered(reference, ...same);
    for (const [nth, one] of asked.entries()) {
      expect(await world.alertsOf(one)).toEqual([TWICE]);
      expect(await rowsOf(one)).toEqual([
        { code: TWICE, owner_role: 'coordinator', resolved: false },
      ]);
      expect((await world.stateOf(one.referralId)).offers).toEqual(before[nth]?.offers);
    }
  });

  it('raise the alert whichever of three references the request used', async () => {
    const [r1 = '', r2 = '', r3 = ''] = references(3);
    const [first, third] = [await world.asksFor(r1), await world.asksFor(r3)];
    await world.registered(r2, r1);
    expect(await world.alertsOf(first)).toEqual([]);
    await world.registered(r3, r1, r2);
    expect([await world.alertsOf(first), await world.alertsOf(third)]).toEqual([[TWICE], [TWICE]]);
  });

  it('raise the alert where the newest event arrives first, and older ones name fewer references', async () => {
    const [r1 = '', r2 = '', r3 = ''] = references(3);
    const asked = [await world.asksFor(r2), await world.asksFor(r3)];
    await world.registered(r2, r1);
    await world.registered(r3, r1);
    for (const one of asked) expect(await world.alertsOf(one)).toEqual([TWICE]);
  });

  it('raise the alert where the person is a member of a party', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    const [party, alone] = [await world.asksFor(other, r1), await world.asksFor(r2)];
    await world.registered(r2, r1);
    expect([await world.alertsOf(party), await world.alertsOf(alone)]).toEqual([[TWICE], [TWICE]]);
  });

  it('raise no alert where one of them is over', async () => {
    const [r1 = '', r2 = ''] = references(2);
    const [over, live] = [await world.asksFor(r1), await world.asksFor(r2)];
    await world.withdraws(over);
    await world.registered(r2, r1);
    expect([await world.alertsOf(over), await world.alertsOf(live)]).toEqual([[], []]);
  });

  it('raise the alert on the live one where the person arrived at the place of the other before', async () => {
    const [r1 = '', r2 = ''] = references(2);
    const [there, live] = [await world.asksFor(r1), await world.asksFor(r2)];
    await arrives(there);
    await world.registered(r2, r1);
    expect([await world.alertsOf(there), await world.alertsOf(live)]).toEqual([[], [TWICE]]);
  });

  it('leave referrals of other people unchanged', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    await world.asksFor(r1);
    const [, stranger] = [await world.asksFor(r2), await world.asksFor(other)];
    await world.registered(r2, r1);
    await world.registered(other);
    expect(await world.alertsOf(stranger)).toEqual([]);
  });
});

it('the other referral is named only to those who may act on it', async () => {
  const [r1 = '', r2 = '', other = ''] = references(3);
  const [first, second] = [await world.asksFor(r1), await world.asksFor(r2)];
  await world.asksFor(other);
  const namedTo = async ({ actor }: Asked['call'], { referralId }: Asked) => {
    const referral = await world.stateOf(referralId);
    return world.inTransaction((tx) => findOtherReferralIds(tx, referral, actor));
  };
  const desk = callOf(monday, 'coordinator');
  expect(await namedTo(desk, first)).toEqual([]);
  await world.registered(r2, r1);
  expect(await namedTo(desk, first)).toEqual([second.referralId]);
  expect(await namedTo(desk, second)).toEqual([first.referralId]);
  expect(await namedTo(callOf(monday, 'caseworker', randomUUID()), second)).toEqual([]);
});

async function twoAlertedReferrals() {
  const [r1 = '', r2 = ''] = references(2);
  const [first, second] = [await world.asksFor(r1), await world.asksFor(r2)];
  await world.registered(r2, r1);
  return { first, second };
}

describe('the alert about two referrals, after one of them changed', () => {
  it('is resolved, whichever of the two is withdrawn', async () => {
    for (const nth of [0, 1]) {
      const { first, second } = await twoAlertedReferrals();
      const [over, live] = nth === 0 ? [first, second] : [second, first];
      await world.withdraws(over);
      expect(await checkAll(world.database, monday)).toBe(1);
      expect(await world.alertsOf(live)).toEqual([]);
      expect(await rowsOf(live)).toMatchObject([{ resolved: true }]);
    }
  });

  it('is resolved where the desk ended the other', async () => {
    const { first, second } = await twoAlertedReferrals();
    const desk = callOf(monday, 'coordinator');
    const end = { action: 'end', code: 'entered-in-error', serviceId: undefined } as const;
    await world.inTransaction((tx) => overrideRule(tx, pack, first.referralId, end, desk));
    await checkAll(world.database, monday);
    expect(await world.alertsOf(second)).toEqual([]);
  });

  it('stays open where the person arrived at the place of the other, until its owner resolves it', async () => {
    const { first, second } = await twoAlertedReferrals();
    await arrives(first);
    await checkAll(world.database, monday);
    expect([await world.alertsOf(first), await world.alertsOf(second)]).toEqual([[], [TWICE]]);
    const [alert] = (await world.stateOf(second.referralId)).alerts;
    await world.inTransaction((tx) =>
      resolve(tx, pack, alert?.alertId ?? '', callOf(monday, 'coordinator')),
    );
    expect(await world.alertsOf(second)).toEqual([]);
  });

  it('is resolved where the person has left the place of the other', async () => {
    const { first, second } = await twoAlertedReferrals();
    const offerId = await arrives(first);
    await world.applyDecision(first.referralId, monday, (r, k) =>
      serviceChanged(r, offerId, 'moved-on', true, k),
    );
    await checkAll(world.database, monday);
    expect(await world.alertsOf(second)).toEqual([]);
  });

  it('moves to the own referral of a member who left the party', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    const [party, alone] = [await world.asksFor(other, r1), await world.asksFor(r2)];
    await world.registered(r2, r1);
    const leaver = (await world.stateOf(party.referralId)).party.find(
      (one) => one.caseReference === r1,
    )?.memberId;
    const given = await world.withdraws(party, leaver);
    const memberReferralId = given.kind === 'answer' ? given.response.memberReferralId : '';
    await checkAll(world.database, monday);
    expect(await world.alertsOf(party)).toEqual(['member-left']);
    expect(await world.alertsOf({ ...party, referralId: memberReferralId })).toEqual([TWICE]);
    expect(await world.alertsOf(alone)).toEqual([TWICE]);
  });

  it('stays open on a party in which another member is referred twice as well', async () => {
    const [r1 = '', r2 = '', s1 = '', s2 = ''] = references(4);
    const [party, one, other] = [
      await world.asksFor(r1, s1),
      await world.asksFor(r2),
      await world.asksFor(s2),
    ];
    await world.registered(r2, r1);
    await world.registered(s2, s1);
    await world.withdraws(one);
    await checkAll(world.database, monday);
    expect([await world.alertsOf(party), await world.alertsOf(other)]).toEqual([[TWICE], [TWICE]]);
    await world.withdraws(other);
    await checkAll(world.database, monday);
    expect(await world.alertsOf(party)).toEqual([]);
  });

  it('needs no check for a person who is known by one reference', async () => {
    await world.withdraws(await world.asksFor(...references(1)));
    expect(await checkAll(world.database, monday)).toBe(0);
  });
});
