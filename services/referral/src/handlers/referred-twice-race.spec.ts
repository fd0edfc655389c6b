import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { checkAll } from './check-all.fixture.ts';
import { references, referredTwiceDatabase } from './referred-twice.fixture.ts';

let world: Awaited<ReturnType<typeof referredTwiceDatabase>>;
beforeAll(async () => {
  world = await referredTwiceDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));
afterEach(() => checkAll(world.database, monday));

const TWICE = 'person-referred-twice';

describe('concurrent changes to the referrals of one person', () => {
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

  it("a request under another reference and the vault's event never leave two referrals without an alert", async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      const first = await world.asksFor(r1);
      const [second] = await Promise.all([
        world.asksFor(r2).catch(() => undefined),
        world.registered(r2, r1),
      ]);
      expect(await world.alertsOf(first)).toEqual(second ? [TWICE] : []);
      if (second) expect(await world.alertsOf(second)).toEqual([TWICE]);
    });
  });

  it('two requests under two references of one person are never both accepted', async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      await world.registered(r2, r1);
      const given = await Promise.allSettled([world.asksFor(r1), world.asksFor(r2)]);
      expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  it("a withdrawal and the vault's event leave no alert on the live referral", async () => {
    await races(async () => {
      const [r1 = '', r2 = ''] = references(2);
      const [first, second] = [await world.asksFor(r1), await world.asksFor(r2)];
      await Promise.all([world.withdraws(first), world.registered(r2, r1)]);
      await checkAll(world.database, monday);
      expect(await world.alertsOf(second)).toEqual([]);
    });
  });

  it('slices of two partitions that name the same people in different orders never deadlock', async () => {
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
      const asked = [
        await world.asksFor(r1),
        await world.asksFor(r2),
        await world.asksFor(r3),
        await world.asksFor(r4),
      ];
      const [one, other] = [
        [[r1], [r2, r1], [r3]],
        [[r4, r3], [r3], [r2, r1]],
      ];
      await Promise.all([slice(one ?? []), slice(other ?? [])]);
      for (const each of asked) expect(await world.alertsOf(each)).toEqual([TWICE]);
    });
  });
});
