import { call, refusalOf } from '@opennrm/runtime';
import { hours, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

export function nobodyAnswers(world: () => World): void {
  it('a referral that nobody answers asks the next service at the soft deadline, alerts the coordinator, closes its offers in time and names the place of last resort', async () => {
    const shelters = [
      await openShelter(world()),
      await openShelter(world()),
      await openShelter(world()),
    ];
    const { referralId } = await request(world());
    await eventually(async () =>
      expect(
        (await readReferral(world(), referralId)).offers.filter((one) => one.status === 'open'),
      ).toHaveLength(2),
    );
    await world().advanceTime(minutes(61));
    await eventually(async () => {
      const { offers } = await readReferral(world(), referralId);
      expect(offers.filter((one) => one.status === 'softened')).toHaveLength(2);
      expect(offers.filter((one) => one.status === 'open')).toHaveLength(1);
    });
    await world().advanceTime(minutes(61));
    const unplaced = await untilState(world(), referralId, 'unplaced');
    expect(unplaced.placeOfLastResort).toBe('night-house-for-women-of-harbour');
    expect(unplaced.nextStepBy?.getTime()).toBeGreaterThan(world().now() - minutes(1));
    await coordinatorHandlesAlert(world(), referralId);
    for (const shelter of shelters) await untilOffered(world(), shelter); // all three can still accept
    await world().advanceTime(hours(24));
    await eventually(async () => {
      const closed = await readReferral(world(), referralId);
      expect(closed.offers.map((one) => one.status)).toEqual(['closed', 'closed', 'closed']);
      expect(eventsOf(closed)).toContain('OfferReminded');
    });
  });
}

async function coordinatorHandlesAlert(world: World, referralId: string): Promise<void> {
  const coordinator = await world.coordinators.as('coordinator');
  const [alert] = (await alertsAbout(world, referralId)).filter((one) => one.code === 'unplaced');
  expect(alert).toMatchObject({ ownerRole: 'coordinator', acknowledged: false });
  const { alertId } = alert ?? { alertId: '' };
  const caseworker = await world.responders.as('caseworker');
  const another = call(world.referral, 'resolveAlert', { alertId }, caseworker);
  expect(refusalOf(await another.catch((error: unknown) => error))).toBe('desk-not-held');
  await call(world.referral, 'acknowledgeAlert', { alertId }, coordinator);
  const seen = await alertsAbout(world, referralId);
  expect(seen.find((one) => one.alertId === alertId)).toMatchObject({
    acknowledged: true,
    resolved: false,
  });
  await call(world.referral, 'resolveAlert', { alertId }, coordinator);
  expect((await alertsAbout(world, referralId)).map((one) => one.alertId)).not.toContain(alertId);
  expect(eventsOf(await readReferral(world, referralId))).toEqual(
    expect.arrayContaining(['AlertAcknowledged', 'AlertResolved']),
  );
}

async function alertsAbout(world: World, referralId: string) {
  const page = { pageSize: 200, pageToken: '', includeResolved: false };
  const { alerts } = await call(
    world.referral,
    'listAlerts',
    page,
    await world.coordinators.as('coordinator'),
  );
  return alerts.filter((one) => one.referralId === referralId);
}
