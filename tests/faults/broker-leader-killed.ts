import { topics } from '@opennrm/contracts/topics';
import { it } from 'vitest';
import type { World } from '../journeys/world.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';
import { kafkaOf } from './topic.ts';

export function brokerLeaderKilled(world: () => World): void {
  it('the platform continues with the two remaining brokers when the leader is killed, and loses nothing', async () => {
    const shelter = await openShelterWithBeds(world(), 6);
    const people = await requestReferrals(world(), 3);
    const leader = await leaderOf(world(), topics.referralForShelterCapacity.name);
    await leader.kill();
    people.push(...(await requestReferrals(world(), 3)));
    await bringToPlaced(world(), { shelter, people });
    await leader.start();
    await eachHasOneBed(world(), { shelter, people });
  });
}

/** The broker that leads most partitions of a topic. */
async function leaderOf(world: World, topic: string) {
  const admin = kafkaOf(world).admin();
  await admin.connect();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  const leaders = (found[0]?.partitions ?? []).map((one) => one.leader);
  const led = (id: number): number => leaders.filter((leader) => leader === id).length;
  const [most] = world.platform.kafka.nodes.toSorted((one, other) => led(other.id) - led(one.id));
  if (!most) throw new Error('this test needs brokers that it started');
  return most;
}
