import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockReferralsOf } from './reads.ts';
import { referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

it('lockReferralsOf locks the referrals of some offers, and no other referral', async () => {
  await world.setShelters(1);
  const [locked, free] = [await world.requestEmergency(), await world.requestEmergency()];
  const offers = (await world.stateOf(locked.referralId)).offers.map(({ offerId }) => offerId);
  const lockable = await world.inTransaction(async (tx) => {
    await lockReferralsOf(tx, offers);
    const { rows } = await world.database.query<{ id: string }>(
      'SELECT id FROM referral FOR UPDATE SKIP LOCKED',
    );
    return rows.map(({ id }) => id);
  });
  expect(lockable).toEqual([free.referralId]);
});
