import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { allMessagesConsumed, rows } from '../journeys/state.ts';
import { eventually, readReferral, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { killAll, lockRows, untilLockWait, untilReady } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';
import { messagesOf } from './topic.ts';

export function relayDiesBetweenSendAndMark(world: () => World): void {
  it('a relay that is killed between sending and marking sends the same message again, and the second delivery changes nothing', async () => {
    const shelter = await openShelterWithBeds(world(), 1);
    await allMessagesConsumed(world());
    const { nodes } = world().platform.kafka;
    for (const node of nodes) node.pause();
    const people = await requestReferrals(world(), 1);
    const lock = await lockRows(world(), 'referral', 'SELECT 1 FROM outbox FOR UPDATE');
    for (const node of nodes) node.resume();
    const offerId =
      (await readReferral(world(), people[0]?.referralId ?? '')).offers[0]?.offerId ?? '';
    await eventually(async () =>
      expect(
        await rows(world(), 'shelter-capacity', 'SELECT 1 FROM occupancy WHERE hold_id = $1', [
          offerId,
        ]),
      ).toHaveLength(1),
    );
    await untilLockWait(world(), 'referral');
    await Promise.all([killAll(world(), 'referral'), untilAlert(world(), 'ServiceDown')]);
    await lock.unlock();
    await untilReady(world(), 'referral');
    await allMessagesConsumed(world());
    const sent = (await messagesOf(world(), topics.referralForShelterCapacity.name)).filter(
      ({ key }) => key?.toString() === offerId,
    );
    expect(sent).toHaveLength(2);
    expect(sent[1]?.headers).toEqual(sent[0]?.headers);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
