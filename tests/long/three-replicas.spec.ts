import { manifests } from '@opennrm/infra/local';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from '../faults/shelter-with-people.ts';
import { kafkaOf } from '../faults/topic.ts';
import { allMessagesConsumed } from '../journeys/state.ts';
import { eventually, startWorld, type World } from '../journeys/world.ts';

let world: World | undefined;
beforeAll(async () => {
  world = await startWorld({ brokers: 3, replicas: 3, rate: 0.2 });
});
afterAll(() => world?.stop());

const theWorld = (): World => {
  if (!world) throw new Error('the platform did not start');
  return world;
};

it('three replicas of each service share its partitions', async () => {
  const admin = kafkaOf(theWorld()).admin();
  await admin.connect();
  await eventually(async () => {
    const { groups } = await admin.describeGroups(manifests.map(({ name }) => name));
    for (const group of groups)
      expect(`${group.groupId} ${group.members.length}`).toBe(`${group.groupId} 3`);
    for (const group of groups)
      expect(
        group.members.filter((one) => one.memberAssignment.length > 40).length,
        group.groupId,
      ).toBeGreaterThan(1);
  });
  await admin.disconnect();
});

it('each of the twelve processes is killed once while people are on their way: nothing changes but speed', async () => {
  const shelter = await openShelterWithBeds(theWorld(), 50);
  const people = await requestReferrals(theWorld(), 4);
  for (const { replicas } of theWorld().platform.services) {
    for (const { process } of replicas) {
      const meanwhile = requestReferrals(theWorld(), 3);
      await process.kill('SIGKILL');
      people.push(...(await meanwhile));
      await process.whenReady();
    }
  }
  expect(people).toHaveLength(40);
  await bringToPlaced(theWorld(), { shelter, people });
  await allMessagesConsumed(theWorld());
  await eachHasOneBed(theWorld(), { shelter, people });
});
