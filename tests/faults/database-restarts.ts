import { it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';

export function databaseRestarts(world: () => World): void {
  it('loses nothing that was accepted when PostgreSQL crashes under load, and needs nobody to go on', async () => {
    const shelter = await openShelterWithBeds(world(), 12);
    const { faults } = world().platform.postgres;
    if (!faults) throw new Error('this needs a PostgreSQL of its own');
    const first = await requestReferrals(world(), 6);
    const underway = requestReferrals(world(), 6);
    await faults.crash();
    await untilAlert(world(), 'DatabaseUnreachable');
    await faults.start();
    const people = [...first, ...(await underway)];
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
