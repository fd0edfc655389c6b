import { call } from '@opennrm/runtime';
import { hours, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { eventsOf, eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function nobodyAnswers(world: () => World): void {
  it('asks the next at the soft deadline, tells the coordinator, closes in time and names where the person can sleep tonight', async () => {
    const shelters = [await openShelter(world()), await openShelter(world()), await openShelter(world())];
    const { referralId } = await request(world());
    await eventually(async () =>
      expect((await readReferral(world(), referralId)).offers.filter((one) => one.status === 'open')).toHaveLength(2),
    );
    await world().pass(minutes(61));
    await eventually(async () => {
      const { offers } = await readReferral(world(), referralId);
      expect(offers.filter((one) => one.status === 'softened')).toHaveLength(2);
      expect(offers.filter((one) => one.status === 'open')).toHaveLength(1);
    });
    await world().pass(minutes(61));
    const unplaced = await untilState(world(), referralId, 'unplaced');
    expect(unplaced.placeOfLastResort).toBe('night-house-for-women-of-harbour');
    expect(unplaced.nextStepBy?.getTime()).toBeGreaterThan(world().now() - minutes(1));
    await coordinatorIsTold(world(), referralId);
    for (const shelter of shelters) await untilOffered(world(), shelter); // all three can still say yes
    await world().pass(hours(24));
    await eventually(async () => {
      const closed = await readReferral(world(), referralId);
      expect(closed.offers.map((one) => one.status)).toEqual(['closed', 'closed', 'closed']);
      expect(eventsOf(closed)).toContain('OfferReminded');
    });
  });
}

async function coordinatorIsTold(world: World, referralId: string): Promise<void> {
  const coordinator = await world.coordinators.as('coordinator');
  const { alerts } = await call(
    world.referral,
    'listAlerts',
    { pageSize: 200, pageToken: '', includeAcknowledged: false },
    coordinator,
  );
  const [alert] = alerts.filter((one) => one.referralId === referralId && one.code === 'unplaced');
  expect(alert).toMatchObject({ ownerRole: 'coordinator', acknowledged: false });
  await call(world.referral, 'acknowledgeAlert', { alertId: alert?.alertId ?? '' }, coordinator);
  expect(eventsOf(await readReferral(world, referralId))).toContain('AlertAcknowledged');
}
