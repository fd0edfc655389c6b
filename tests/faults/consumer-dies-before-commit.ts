import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { killAll, lockRows, untilLockWait, untilReady } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';

export function consumerDiesBeforeCommit(world: () => World): void {
  it('a consumer that is killed before its commit leaves nothing half-written, and receives the slice again', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const lock = await lockRows(
      world(),
      'shelter-capacity',
      'SELECT 1 FROM provider WHERE id = $1 FOR UPDATE',
      [shelter.id],
    );
    const people = await requestReferrals(world(), 3);
    await untilLockWait(world(), 'shelter-capacity');
    await killAll(world(), 'shelter-capacity');
    await lock.unlock();
    const taken = 'SELECT 1 FROM occupancy WHERE provider_id = $1';
    expect(await rows(world(), 'shelter-capacity', taken, [shelter.id])).toHaveLength(0);
    await untilReady(world(), 'shelter-capacity');
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
