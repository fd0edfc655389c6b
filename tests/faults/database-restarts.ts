import { it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { ask, bringToPlaced, eachHasOneBed, openFor } from './crowd.ts';

export function databaseRestarts(world: () => World): void {
  it('loses nothing that was accepted when PostgreSQL crashes under load, and needs nobody to go on', async () => {
    const shelter = await openFor(world(), 12);
    const { faults } = world().platform.postgres;
    if (!faults) throw new Error('this needs a PostgreSQL of its own');
    const first = await ask(world(), 6);
    const underway = ask(world(), 6);
    await faults.crash();
    await untilAlert(world(), 'DatabaseAway');
    await faults.start();
    const people = [...first, ...(await underway)];
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
