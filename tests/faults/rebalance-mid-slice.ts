import { it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { ask, bringToPlaced, eachHasOneBed, openFor } from './crowd.ts';
import { hold, untilSomebodyWaits } from './machinery.ts';

export function rebalanceMidSlice(world: () => World): void {
  it('applies each message once when a replica leaves and comes back while a slice is being applied', async () => {
    const shelter = await openFor(world(), 20);
    const held = await hold(world(), 'shelter-capacity', 'SELECT 1 FROM provider WHERE id = $1 FOR UPDATE', [
      shelter.id,
    ]);
    const people = await ask(world(), 20);
    await untilSomebodyWaits(world(), 'shelter-capacity');
    const { replicas } = world().platform.services['shelter-capacity'];
    const leaver = replicas.at(-1);
    const left = leaver?.process.stop('SIGTERM');
    await held.letGo();
    await left;
    await leaver?.process.start();
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
