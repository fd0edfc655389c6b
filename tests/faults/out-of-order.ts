import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import { withdraw } from '../journeys/withdraw.ts';
import { readReferral, type World } from '../journeys/world.ts';
import { startAll, stopAll } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  outboxIsEmpty,
  requestReferrals,
} from './shelter-with-people.ts';
import { allNumbersConsumed, sendInOrder } from './streams.ts';
import { loseMessages } from './topic.ts';

const topic = topics.referralForShelterCapacity;

export function outOfOrder(world: () => World): void {
  it('a message waits for the missing number before it: a release that arrives before its hold leaves no bed held', async () => {
    const shelter = await openShelterWithBeds(world(), 2);
    await allNumbersConsumed(world(), topic);
    await stopAll(world(), 'shelter-capacity');
    const [gone] = await requestReferrals(world(), 1);
    const referralId = gone?.referralId ?? '';
    const holdId = (await readReferral(world(), referralId)).offers[0]?.offerId ?? '';
    await withdraw(world(), referralId);
    await outboxIsEmpty(world());
    await loseMessages(world(), topic.name);
    expect(await sendInOrder(world(), topic, holdId, 'last to first')).toBe(2);
    await startAll(world(), 'shelter-capacity');
    await allNumbersConsumed(world(), topic);
    expect(
      await rows(world(), 'shelter-capacity', 'SELECT 1 FROM occupancy WHERE hold_id = $1', [
        holdId,
      ]),
    ).toEqual([]);
    const people = await requestReferrals(world(), 2);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
