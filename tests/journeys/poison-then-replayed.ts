import { randomUUID } from 'node:crypto';
import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { topics } from '@opennrm/contracts/topics';
import { headersOf } from '@opennrm/messaging';
import { call } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { ops } from './ops.ts';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { allMessagesConsumed, rows } from './state.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

const topic = topics.shelterCapacityForReferral;

export function poisonThenReplayed(world: () => World): void {
  it('a message that cannot be read is parked, other keys continue, and the original messages are applied after a replay', async () => {
    await openShelter(world(), { beds: 2 });
    const shelterProcess = world().platform.service('shelter-capacity').process;
    await allMessagesConsumed(world());
    shelterProcess.pause();
    const stuck = await request(world());
    const holdId = (await readReferral(world(), stuck.referralId)).offers[0]?.offerId ?? '';
    await send(world(), holdId, { sequence: 1, value: Buffer.from('not a message of this topic') });
    await send(world(), randomUUID(), { sequence: 0, value: Buffer.from('no usable headers') });
    await eventually(async () => {
      const parked = await rows<{ reason: string; offset_in_partition: number }>(
        world(),
        'referral',
        'SELECT reason, offset_in_partition FROM parked ORDER BY reason',
      );
      expect(parked.map((one) => one.reason)).toEqual([
        'malformed: ce_sequence is not a positive whole number',
        'unreadable',
      ]);
    });
    expect(await ops(world(), 'parked', 'referral')).toContain('unreadable');
    const parked = await parkedReferrals(world());
    expect(parked).toEqual([stuck.referralId]);
    shelterProcess.resume();
    const other = await request(world());
    await untilState(world(), other.referralId, 'offered');
    await untilState(world(), stuck.referralId, 'offered');
    expect(await rows(world(), 'referral', 'SELECT 1 FROM quarantine')).toHaveLength(0);
  });

  it('no message is lost when a topic loses its records: the gap stops the key, and a replay fills it', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const { process } = world().platform.service('referral');
    await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    await allMessagesConsumed(world());
    const staff = await shelter.as('provider-staff');
    await process.stop();
    await forceReleaseWhileAway(world(), shelter.siteId, staff);
    await loseMessages(world());
    await process.start();
    expect(await ops(world(), 'replay', topic.name, offerId)).toMatch(
      /^[2-9]\d* messages of .* were sent again/m,
    );
    await allMessagesConsumed(world());
    const [seen] = await rows<{ last: number }>(
      world(),
      'referral',
      'SELECT last::int FROM inbox WHERE key = $1',
      [offerId],
    );
    const [sent] = await rows<{ last: number }>(
      world(),
      'shelter-capacity',
      'SELECT last::int FROM stream_numbers WHERE key = $1',
      [offerId],
    );
    expect(seen?.last).toBe(sent?.last);
  });
}

/** The referrals that a coordinator sees as parked. */
async function parkedReferrals(world: World): Promise<string[]> {
  const asked = { pageSize: 200, pageToken: '', state: ReferralState.SEARCHING };
  const { referrals } = await call(
    world.referral,
    'listReferrals',
    asked,
    await world.coordinators.as('coordinator'),
  );
  return referrals.filter((one) => one.parked).map((one) => one.referralId);
}

/** The only unit goes out of service while `referral` is stopped, so the shelter announces that the hold is released. */
async function forceReleaseWhileAway(
  world: World,
  siteId: string,
  staff: { token: string },
): Promise<void> {
  const { units } = await call(
    world.shelters,
    'listUnits',
    { siteId, pageSize: 10, pageToken: '' },
    staff,
  );
  await call(
    world.shelters,
    'setOutOfService',
    { unitId: units[0]?.unitId ?? '', outOfService: true, code: 'repair' },
    staff,
  );
  await eventually(async () =>
    expect(await rows(world, 'shelter-capacity', 'SELECT 1 FROM outbox')).toHaveLength(0),
  );
}

async function loseMessages(world: World): Promise<void> {
  const admin = new Kafka({
    clientId: 'loses',
    brokers: [...world.platform.kafka.brokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic.name);
  const partitions = ends
    .filter((one) => one.high !== '0')
    .map(({ partition, high }) => ({ partition, offset: high }));
  await admin.deleteTopicRecords({ topic: topic.name, partitions });
  await admin.disconnect();
}

async function send(
  world: World,
  key: string,
  { sequence, value }: { sequence: number; value: Buffer },
): Promise<void> {
  const producer = new Kafka({
    clientId: 'poison',
    brokers: [...world.platform.kafka.brokers],
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  const type = 'opennrm.capacity.v1.UnitHeld';
  const headers = headersOf(topic.name, {
    id: randomUUID(),
    type,
    at: instant(world.now()),
    key,
    sequence,
    epoch: 1,
  });
  await producer.send({ topic: topic.name, messages: [{ key, headers, value }] });
  await producer.disconnect();
}
