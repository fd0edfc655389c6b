import { it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { lockRows, untilLockWait } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';

export function rebalanceMidSlice(world: () => World): void {
  it('applies each message once when a replica leaves and comes back while a slice is being applied', async () => {
    const shelter = await openShelterWithBeds(world(), 20);
    const lock = await lockRows(
      world(),
      'shelter-capacity',
      'SELECT 1 FROM provider WHERE id = $1 FOR UPDATE',
      [shelter.id],
    );
    const people = await requestReferrals(world(), 20);
    await untilLockWait(world(), 'shelter-capacity');
    const { replicas } = world().platform.service('shelter-capacity');
    const leaver = replicas.at(-1);
    const left = leaver?.process.stop('SIGTERM');
    await lock.unlock();
    await left;
    await leaver?.process.start();
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
