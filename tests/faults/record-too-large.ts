import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';
import { configure } from './topic.ts';

const topic = topics.referralForShelterCapacity.name;

export function recordTooLarge(world: () => World): void {
  it('a record that Kafka refuses as too large stays in the outbox until an operator raises the limit of the topic and sends it again', async () => {
    const shelter = await openShelterWithBeds(world(), 2);
    world().onJourneyEnd(() => configure(world(), topic));
    await configure(world(), topic, { 'max.message.bytes': '100' });
    const people = await requestReferrals(world(), 2);
    await untilAlert(world(), 'RefusedByKafka');
    await configure(world(), topic);
    expect(await ops(world(), 'resend', 'referral')).toContain('will be sent again');
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
