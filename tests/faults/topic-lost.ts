import { topics } from '@opennrm/contracts/topics';
import { createTopics, deleteTopics } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { everythingSeen } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { ask, bringToPlaced, eachHasOneBed, everythingSent, openFor } from './crowd.ts';
import { startAll, stopAll } from './machinery.ts';
import { allNumbersSeen } from './streams.ts';

const topic = topics.referralForShelterCapacity;

export function topicLost(world: () => World): void {
  it('is made again, filled from the journal of its owner, and nobody notices what they had seen', async () => {
    const shelter = await openFor(world(), 7);
    const people = await ask(world(), 3);
    await everythingSeen(world());
    await stopAll(world(), 'shelter-capacity');
    people.push(...(await ask(world(), 3)));
    await everythingSent(world());
    const { brokers } = world().platform.kafka;
    await deleteTopics(brokers, [topic.name]);
    people.push(...(await ask(world(), 1)));
    await untilAlert(world(), 'TopicUnwritable');
    await createTopics(brokers, [topic]);
    await startAll(world(), 'shelter-capacity');
    expect(await ops(world(), 'replay', topic.name)).toMatch(/messages of .* were sent again/);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    await allNumbersSeen(world(), topic);
  });
}
