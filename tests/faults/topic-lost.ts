import { topics } from '@opennrm/contracts/topics';
import { createTopics, deleteTopics } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { allMessagesConsumed } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { startAll, stopAll } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  outboxIsEmpty,
  requestReferrals,
} from './shelter-with-people.ts';
import { allNumbersConsumed } from './streams.ts';

const topic = topics.referralForShelterCapacity;

export function topicLost(world: () => World): void {
  it("a lost topic is created again and filled from its owner's journal, and no message is applied twice", async () => {
    const shelter = await openShelterWithBeds(world(), 7);
    const people = await requestReferrals(world(), 3);
    await allMessagesConsumed(world());
    await stopAll(world(), 'shelter-capacity');
    people.push(...(await requestReferrals(world(), 3)));
    await outboxIsEmpty(world());
    const { brokers } = world().platform.kafka;
    await deleteTopics(brokers, [topic.name]);
    people.push(...(await requestReferrals(world(), 1)));
    await untilAlert(world(), 'TopicUnwritable');
    await createTopics(brokers, [topic]);
    await startAll(world(), 'shelter-capacity');
    expect(await ops(world(), 'replay', topic.name)).toMatch(/messages of .* were sent again/);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    await allNumbersConsumed(world(), topic);
  });
}
