import { topics } from '@opennrm/contracts/topics';
import { createTopics, deleteTopics, type KafkaNode } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { rows } from '../journeys/state.ts';
import { eventually, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';
import { configure, kafkaOf } from './topic.ts';

const gone = topics.referralForShelterCapacity;

export function oneTopicGone(world: () => World): void {
  it('while one topic is deleted, the relay sends the messages of other topics and parks nothing, and it sends all when the topic exists again', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const { brokers } = world().platform.kafka;
    world().onJourneyEnd(() => createTopics(brokers, [gone]));
    await deleteTopics(brokers, [gone.name]);
    const people = await requestReferrals(world(), 3);
    await untilAlert(world(), 'TopicUnwritable');
    await othersFlow(world());
    await createTopics(brokers, [gone]);
    // The reader keeps its offset of the old topic, so it skips messages of the new one. A replay sends them again.
    expect(await ops(world(), 'replay', gone.name)).toMatch(/messages of .* were sent again/);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });

  it('while one topic has no leader, the relay sends the messages of other topics and parks nothing, and it sends all when there is a leader', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const only = await onOneBroker(world(), gone.name);
    await shutDown(only);
    const people = await requestReferrals(world(), 3);
    await untilAlert(world(), 'TopicUnwritable');
    await othersFlow(world());
    await only.start();
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}

/** Waits until only messages of the topic that cannot be written remain in the outbox of `referral`, and others were sent. */
const othersFlow = (world: World): Promise<void> =>
  eventually(async () => {
    const sql = 'SELECT DISTINCT to_topic, parked FROM outbox';
    expect(await rows(world, 'referral', sql)).toEqual([{ to_topic: gone.name, parked: null }]);
    const sent = `SELECT 1 FROM journal j WHERE topic <> $1 AND recorded_at > clock_timestamp() - interval '2 minutes'
                  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.position = j.position)`;
    expect((await rows(world, 'referral', sent, [gone.name])).length).toBeGreaterThan(0);
  });

/** Moves every partition of a topic to one broker, and back to all brokers when the test ends. @returns that broker. */
async function onOneBroker(world: World, topic: string): Promise<KafkaNode> {
  const { nodes } = world.platform.kafka;
  const [only] = nodes;
  if (!only) throw new Error('this test needs brokers that it started');
  await configure(world, topic, { 'min.insync.replicas': '1' });
  await assign(world, topic, [only.id]);
  world.onJourneyEnd(async () => {
    if (only.pid() === undefined) await only.start();
    await assign(
      world,
      topic,
      nodes.map(({ id }) => id),
    );
    await configure(world, topic);
  });
  return only;
}

/** Stops a broker with SIGTERM. A killed broker may lose records that only it had, and the cluster would not let it lead again. */
async function shutDown(node: KafkaNode): Promise<void> {
  const pid = node.pid();
  if (pid === undefined) throw new Error('the broker has stopped already');
  process.kill(pid, 'SIGTERM');
  await eventually(() => expect(node.pid()).toBeUndefined());
}

async function assign(world: World, topic: string, replicas: number[]): Promise<void> {
  const admin = kafkaOf(world).admin();
  await admin.connect();
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = (found[0]?.partitions ?? []).map(({ partitionId }) => partitionId);
    const partitionAssignment = partitions.map((partition) => ({ partition, replicas }));
    await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
    await eventually(async () => {
      const { topics: now } = await admin.fetchTopicMetadata({ topics: [topic] });
      for (const one of now[0]?.partitions ?? []) {
        expect([...one.replicas].sort()).toEqual([...replicas].sort());
        expect([...one.isr].sort()).toEqual([...replicas].sort());
        expect(replicas).toContain(one.leader);
      }
    });
  } finally {
    await admin.disconnect();
  }
}
