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
  it('passes over and counts what it does not declare yet, and replicas change one by one without a call that fails', async () => {
    const shelter = await openShelterWithBeds(world(), 12);
    const people = await requestReferrals(world(), 4);
    const keys = await Promise.all(people.map((person) => untilOfferOpen(world(), person)));
    const newer = {
      topic: topic.name,
      type: 'opennrm.shelter_capacity.v1.BedInspected',
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

/** Messages that the replicas of `referral` have passed over. */
async function skipped(world: World): Promise<number> {
  const counts = world.platform.service('referral').replicas.map(async ({ healthUrl }) => {
    const text = await (await fetch(`${healthUrl}/metrics`)).text();
    return Number(/^opennrm_messages(?:_total)?\{outcome="skipped"\} (\d+)/m.exec(text)?.[1] ?? 0);
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}
