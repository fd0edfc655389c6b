import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { ask, bringToPlaced, eachHasOneBed, openFor } from './crowd.ts';
import { hold, killAll, untilReady, untilSomebodyWaits } from './machinery.ts';

export function consumerDiesBeforeCommit(world: () => World): void {
  it('leaves nothing half-written, and is handed the slice again', async () => {
    const shelter = await openFor(world(), 3);
    const held = await hold(world(), 'shelter-capacity', 'SELECT 1 FROM provider WHERE id = $1 FOR UPDATE', [
      shelter.id,
    ]);
    const people = await ask(world(), 3);
    await untilSomebodyWaits(world(), 'shelter-capacity');
    await killAll(world(), 'shelter-capacity');
    await held.letGo();
    const taken = 'SELECT 1 FROM occupancy WHERE provider_id = $1';
    expect(await rows(world(), 'shelter-capacity', taken, [shelter.id])).toHaveLength(0);
    await untilReady(world(), 'shelter-capacity');
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
