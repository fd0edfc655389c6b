import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { eventually, type World } from '../journeys/world.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilOfferOpen,
} from './shelter-with-people.ts';
import { allNumbersConsumed, sendAsNewerVersion } from './streams.ts';

const topic = topics.shelterCapacityForReferral;

export function rollingUpgradeWithNewEventType(world: () => World): void {
  it('a consumer skips and counts events of an undeclared type, and no call fails while replicas restart one by one', async () => {
    const shelter = await openShelterWithBeds(world(), 12);
    const people = await requestReferrals(world(), 4);
    const keys = await Promise.all(people.map((person) => untilOfferOpen(world(), person)));
    const newer = {
      topic: topic.name,
      type: 'opennrm.capacity.v1.UnitInspected',
      value: Buffer.from([1, 2, 3]),
    };
    const before = await skipped(world());
    for (const key of keys)
      await sendAsNewerVersion(world(), 'shelter-capacity', { ...newer, key });
    await eventually(async () => expect(await skipped(world())).toBe(before + keys.length));
    for (const name of ['referral', 'shelter-capacity'] as const) {
      for (const { process } of world().platform.service(name).replicas) {
        const meanwhile = requestReferrals(world(), 2);
        await process.stop('SIGTERM');
        people.push(...(await meanwhile));
        await process.start();
      }
    }
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    await allNumbersConsumed(world(), topic);
  });
}

/** The number of messages that the replicas of `referral` have skipped. */
async function skipped(world: World): Promise<number> {
  const counts = world.platform.service('referral').replicas.map(async ({ healthUrl }) => {
    const text = await (await fetch(`${healthUrl}/metrics`)).text();
    return Number(/^opennrm_messages(?:_total)?\{outcome="skipped"\} (\d+)/m.exec(text)?.[1] ?? 0);
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}
