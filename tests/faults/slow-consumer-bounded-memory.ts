import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { topics } from '@opennrm/contracts/topics';
import { headersOf } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { allMessagesConsumed } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { lockRows, untilLockWait } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';
import { kafkaOf } from './topic.ts';

const topic = topics.referralForShelterCapacity.name;
const [MESSAGES, BYTES, AT_ONCE] = [20_000, 10_000, 200];
const MEGABYTE = 1_000_000;

export function slowConsumerBoundedMemory(world: () => World): void {
  it('takes no more memory for two hundred megabytes that wait than for none, and gets through them', async () => {
    const shelter = await openShelterWithBeds(world(), 2);
    const lock = await lockRows(
      world(),
      'shelter-capacity',
      'SELECT 1 FROM provider WHERE id = $1 FOR UPDATE',
      [shelter.id],
    );
    const people = await requestReferrals(world(), 2);
    await untilLockWait(world(), 'shelter-capacity');
    const before = await memory(world());
    await fill(world());
    await untilAlert(world(), 'ConsumerBehind');
    expect((await memory(world())) - before).toBeLessThan(120 * MEGABYTE);
    await lock.unlock();
    await allMessagesConsumed(world());
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    expect((await memory(world())) - before).toBeLessThan(150 * MEGABYTE);
  });
}

/** Many large messages of a type that nobody declares, each of a stream of its own. */
async function fill(world: World): Promise<void> {
  const producer = kafkaOf(world).producer();
  await producer.connect();
  const value = Buffer.alloc(BYTES, 'x');
  for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
    const messages = Array.from({ length: AT_ONCE }, () => {
      const key = randomUUID();
      const envelope = {
        id: randomUUID(),
        type: 'opennrm.referral.v1.Filler',
        at: instant(world.now()),
        key,
      };
      return { key, value, headers: headersOf(topic, { ...envelope, sequence: 1, epoch: 1 }) };
    });
    await producer.send({ topic, acks: -1, messages });
  }
  await producer.disconnect();
}

/** Resident memory of the larger replica, in bytes. */
async function memory(world: World): Promise<number> {
  const pids = world.platform
    .service('shelter-capacity')
    .replicas.map(({ process }) => String(process.pid()));
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', pids.join(',')]);
  return Math.max(...stdout.trim().split(/\s+/).map(Number)) * 1_024;
}
