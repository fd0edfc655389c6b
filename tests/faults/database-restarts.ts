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
  it('no accepted request is lost when PostgreSQL crashes under load, and the platform continues without an operator', async () => {
    const shelter = await openShelterWithBeds(world(), 12);
    const { faults } = world().platform.postgres;
    if (!faults) throw new Error('this test needs a PostgreSQL that it started');
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
