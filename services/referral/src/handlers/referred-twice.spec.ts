import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrived, stayChanged } from '../domain/journey.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { type Asked, callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { resolve } from './alerts.ts';
import { checkAll } from './check-all.fixture.ts';
import { findOtherReferralIds } from './referred-twice.ts';
import { overrideRule, withdraw } from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));
afterEach(() => checkAll(world.database, monday));

const TWICE = 'person-referred-twice';
const references = (many: number): string[] => Array.from({ length: many }, () => randomUUID());

/** Applies one event of the vault, as the consumer does. */
async function registered(
  caseReference: string,
  ...sameCaseReferences: readonly string[]
): Promise<void> {
  const topic = topics.caseVaultForReferral;
  const value = { caseReference, sameCaseReferences: [...sameCaseReferences] };
  const event = topic.encode({ $case: 'referenceRegistered', value });
  const apply = vaultSubscription(pack).read(typeOf(topic, 'referenceRegistered'), event);
  const meta = {
    id: randomUUID(),
    key: caseReference,
    sequence: 1,
    epoch: 1,
    at: monday,
    now: monday,
  };
  await world.inTransaction(async (tx) => apply?.(tx, meta));
}

const asksFor = (...under: readonly string[]): Promise<Asked> =>
  world.requestEmergency(monday, under.length, { under });
const alertsOf = async ({ referralId }: Asked): Promise<string[]> =>
  (await world.stateOf(referralId)).alerts.map(({ code }) => code);
const withdraws = ({ referralId, call }: Asked, memberId?: string) =>
  world.inTransaction((tx) => withdraw(tx, pack, referralId, { memberId, code: 'own-wish' }, call));
/** The person comes to the place that was asked first. */
async function arrives({ referralId }: Asked): Promise<string> {
  const offerId = (await world.stateOf(referralId)).offers[0]?.offerId ?? '';
  await world.applyDecision(referralId, monday, (r, k) => arrived(r, offerId, monday, k));
  return offerId;
}
const rowsOf = async ({ referralId }: Asked) => {
  const sql = 'SELECT code, owner_role, resolved FROM alert WHERE referral_id = $1 AND code = $2';
  return (await world.database.query(sql, [referralId, TWICE])).rows;
};

describe('two emergencies that turn out to be one person’s', () => {
  it.each([
    ['in the order in which they were registered', (r1: string, r2: string) => [[r1], [r2, r1]]],
    ['in the other order', (r1: string, r2: string) => [[r2, r1], [r1]]],
    ['twice', (r1: string, r2: string) => [[r2, r1], [r1], [r2, r1], [r1]]],
  ])('are each told of once, where the vault’s events come %s', async (_says, eventsOf) => {
    const [r1 = '', r2 = ''] = references(2);
    const asked = [await asksFor(r1), await asksFor(r2)];
    const before = await Promise.all(asked.map(({ referralId }) => world.stateOf(referralId)));
    for (const [reference = '', ...same] of eventsOf(r1, r2)) await registered(reference, ...same);
    for (const [nth, one] of asked.entries()) {
      expect(await alertsOf(one)).toEqual([TWICE]);
      expect(await rowsOf(one)).toEqual([
        { code: TWICE, owner_role: 'coordinator', resolved: false },
      ]);
      expect((await world.stateOf(one.referralId)).offers).toEqual(before[nth]?.offers);
    }
  });

  it('are told of from whichever of three references the request came', async () => {
    const [r1 = '', r2 = '', r3 = ''] = references(3);
    const [first, third] = [await asksFor(r1), await asksFor(r3)];
    await registered(r2, r1);
    expect(await alertsOf(first)).toEqual([]);
    await registered(r3, r1, r2);
    expect([await alertsOf(first), await alertsOf(third)]).toEqual([[TWICE], [TWICE]]);
  });

  it('are told of where the newest event comes first, and those before it name fewer', async () => {
    const [r1 = '', r2 = '', r3 = ''] = references(3);
    const asked = [await asksFor(r2), await asksFor(r3)];
    await registered(r2, r1);
    await registered(r3, r1);
    for (const one of asked) expect(await alertsOf(one)).toEqual([TWICE]);
  });

  it('are told of where the person is one of a party', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    const [party, alone] = [await asksFor(other, r1), await asksFor(r2)];
    await registered(r2, r1);
    expect([await alertsOf(party), await alertsOf(alone)]).toEqual([[TWICE], [TWICE]]);
  });

  it('raise no alert where one of them is over', async () => {
    const [r1 = '', r2 = ''] = references(2);
    const [over, live] = [await asksFor(r1), await asksFor(r2)];
    await withdraws(over);
    await registered(r2, r1);
    expect([await alertsOf(over), await alertsOf(live)]).toEqual([[], []]);
  });

  it('are told of on the one that goes on where the person arrived at the place of the other before', async () => {
    const [r1 = '', r2 = ''] = references(2);
    const [there, live] = [await asksFor(r1), await asksFor(r2)];
    await arrives(there);
    await registered(r2, r1);
    expect([await alertsOf(there), await alertsOf(live)]).toEqual([[], [TWICE]]);
  });

  it('leave referrals of other people as they are', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    await asksFor(r1);
    const [, stranger] = [await asksFor(r2), await asksFor(other)];
    await registered(r2, r1);
    await registered(other);
    expect(await alertsOf(stranger)).toEqual([]);
  });
});

it('the other referral is named to those who may act on it alone', async () => {
  const [r1 = '', r2 = '', other = ''] = references(3);
  const [first, second] = [await asksFor(r1), await asksFor(r2)];
  await asksFor(other);
  const namedTo = async ({ actor }: Asked['call'], { referralId }: Asked) => {
    const referral = await world.stateOf(referralId);
    return world.inTransaction((tx) => findOtherReferralIds(tx, referral, actor));
  };
  const desk = callOf(monday, 'coordinator');
  expect(await namedTo(desk, first)).toEqual([]);
  await registered(r2, r1);
  expect(await namedTo(desk, first)).toEqual([second.referralId]);
  expect(await namedTo(desk, second)).toEqual([first.referralId]);
  expect(await namedTo(callOf(monday, 'caseworker', randomUUID()), second)).toEqual([]);
});

async function twoAlertedReferrals() {
  const [r1 = '', r2 = ''] = references(2);
  const [first, second] = [await asksFor(r1), await asksFor(r2)];
  await registered(r2, r1);
  return { first, second };
}

describe('after the desk has withdrawn or ended one of two referrals', () => {
  it('the alert of the other is settled, whichever of the two is withdrawn', async () => {
    for (const nth of [0, 1]) {
      const { first, second } = await twoAlertedReferrals();
      const [gone, stays] = nth === 0 ? [first, second] : [second, first];
      await withdraws(gone);
      expect(await checkAll(world.database, monday)).toBe(1);
      expect(await alertsOf(stays)).toEqual([]);
      expect(await rowsOf(stays)).toMatchObject([{ resolved: true }]);
    }
  });

  it('it is settled where the desk ended the other', async () => {
    const { first, second } = await twoAlertedReferrals();
    const desk = callOf(monday, 'coordinator');
    const end = { action: 'end', code: 'entered-in-error', serviceId: undefined } as const;
    await world.inTransaction((tx) => overrideRule(tx, pack, first.referralId, end, desk));
    await checkAll(world.database, monday);
    expect(await alertsOf(second)).toEqual([]);
  });

  it('it stays where the person arrived at the place of the other, until its owner resolves it', async () => {
    const { first, second } = await twoAlertedReferrals();
    await arrives(first);
    await checkAll(world.database, monday);
    expect([await alertsOf(first), await alertsOf(second)]).toEqual([[], [TWICE]]);
    const [alert] = (await world.stateOf(second.referralId)).alerts;
    await world.inTransaction((tx) =>
      resolve(tx, pack, alert?.alertId ?? '', callOf(monday, 'coordinator')),
    );
    expect(await alertsOf(second)).toEqual([]);
  });

  it('it is settled where the person has left the place of the other', async () => {
    const { first, second } = await twoAlertedReferrals();
    const offerId = await arrives(first);
    await world.applyDecision(first.referralId, monday, (r, k) =>
      stayChanged(r, offerId, 'moved-on', true, k),
    );
    await checkAll(world.database, monday);
    expect(await alertsOf(second)).toEqual([]);
  });

  it('a person who left a party is told of under their own referral, and the party no more', async () => {
    const [r1 = '', r2 = '', other = ''] = references(3);
    const [party, alone] = [await asksFor(other, r1), await asksFor(r2)];
    await registered(r2, r1);
    const leaver = (await world.stateOf(party.referralId)).party.find(
      (one) => one.caseReference === r1,
    )?.memberId;
    const given = await withdraws(party, leaver);
    const memberReferralId = given.kind === 'answer' ? given.response.memberReferralId : '';
    await checkAll(world.database, monday);
    expect(await alertsOf(party)).toEqual(['member-left']);
    expect(await alertsOf({ ...party, referralId: memberReferralId })).toEqual([TWICE]);
    expect(await alertsOf(alone)).toEqual([TWICE]);
  });

  it('it stays on a party in which somebody else is referred twice as well', async () => {
    const [r1 = '', r2 = '', s1 = '', s2 = ''] = references(4);
    const [party, one, other] = [await asksFor(r1, s1), await asksFor(r2), await asksFor(s2)];
    await registered(r2, r1);
    await registered(s2, s1);
    await withdraws(one);
    await checkAll(world.database, monday);
    expect([await alertsOf(party), await alertsOf(other)]).toEqual([[TWICE], [TWICE]]);
    await withdraws(other);
    await checkAll(world.database, monday);
    expect(await alertsOf(party)).toEqual([]);
  });

  it('nobody is looked at again for a person who is known by one reference', async () => {
    await withdraws(await asksFor(...references(1)));
    expect(await checkAll(world.database, monday)).toBe(0);
  });
});

describe('at the same moment', () => {
  const RACES = 40;
  /** Half of the connections: each race needs two. */
  const AT_ONCE = 5;
  async function races(race: () => Promise<void>): Promise<void> {
    let started = 0;
    const racing = async (): Promise<void> => {
      while (started++ < RACES) await race();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, racing));
  }

  it('a request under another reference and the vault’s event never leave two referrals of which nobody is told', async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      const first = await asksFor(r1);
      const [second] = await Promise.all([asksFor(r2).catch(() => undefined), registered(r2, r1)]);
      expect(await alertsOf(first)).toEqual(second ? [TWICE] : []);
      if (second) expect(await alertsOf(second)).toEqual([TWICE]);
    });
  });

  it('two requests under two references that the vault has named: one is accepted', async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      await registered(r2, r1);
      const given = await Promise.allSettled([asksFor(r1), asksFor(r2)]);
      expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  it('a withdrawal and the vault’s event leave no alert on the one that goes on', async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      const [first, second] = [await asksFor(r1), await asksFor(r2)];
      await Promise.all([withdraws(first), registered(r2, r1)]);
      await checkAll(world.database, monday);
      expect(await alertsOf(second)).toEqual([]);
    });
  });

  it('slices of two partitions that name the same people in another order wait for one another, and never for ever', async () => {
    const topic = topics.caseVaultForReferral;
    const vault = vaultSubscription(pack);
    const slice = (events: readonly (readonly string[])[]) =>
      world.inTransaction(async (tx) => {
        const values = events.map(([caseReference = '', ...sameCaseReferences]) =>
          topic.encode({
            $case: 'referenceRegistered',
            value: { caseReference, sameCaseReferences },
          }),
        );
        await vault.lockFirst?.(tx, values);
        for (const [nth, value] of values.entries()) {
          const key = events[nth]?.[0] ?? '';
          const meta = { id: randomUUID(), key, sequence: 1, epoch: 1, at: monday, now: monday };
          await vault.read(typeOf(topic, 'referenceRegistered'), value)?.(tx, meta);
        }
      });
    await races(async () => {
      const [r1 = '', r2 = '', r3 = '', r4 = ''] = references(4);
      const asked = [await asksFor(r1), await asksFor(r2), await asksFor(r3), await asksFor(r4)];
      const [one, other] = [
        [[r1], [r2, r1], [r3]],
        [[r4, r3], [r3], [r2, r1]],
      ];
      await Promise.all([slice(one ?? []), slice(other ?? [])]);
      for (const each of asked) expect(await alertsOf(each)).toEqual([TWICE]);
    });
  });
});
