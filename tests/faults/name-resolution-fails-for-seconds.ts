import { asAdmin } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import { eventually, type World } from '../journeys/world.ts';
import type { ServiceFaults } from './service-faults.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  takeOutOfService,
  untilOfferOpen,
} from './shelter-with-people.ts';

export function nameResolutionFails(world: () => World, faults: () => ServiceFaults): void {
  it('parks no message that arrives while the name of the database cannot be resolved, and applies all when it can', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const people = await requestReferrals(world(), 2);
    for (const person of people) await untilOfferOpen(world(), person);
    world().onJourneyEnd(() => faults().setNameResolution(true));
    await faults().setNameResolution(false);
    await endConnections(world());
    await takeOutOfService(world(), shelter); // `referral` is told of it
    const { replicas } = world().platform.service('referral');
    for (const { healthUrl } of replicas)
      await eventually(async () => {
        await endConnections(world()); // again: one that was being opened is not listed yet
        expect((await fetch(`${healthUrl}/ready`)).status).toBe(503);
      });
    await faults().setNameResolution(true);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    expect(await rows(world(), 'referral', 'SELECT 1 FROM parked')).toEqual([]);
  });
}

/** As a failover does: every connection of the service ends, and each must be opened by name again. */
const endConnections = (world: World): Promise<unknown> =>
  asAdmin(world.platform.postgres.adminUrl, (admin) =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'referral %'`,
    ),
  );
