import { expect, it } from 'vitest';
import { eventually, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import type { ServiceFaults } from './service-faults.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  takeOutOfService,
  untilOfferOpen,
} from './shelter-with-people.ts';

const SAID_WITHIN_MS = 10_000;

export function databaseSilent(world: () => World, faults: () => ServiceFaults): void {
  it('makes readiness and each component report it within ten seconds, and everything goes on when the database answers again', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const people = await requestReferrals(world(), 2);
    for (const person of people) await untilOfferOpen(world(), person);
    const { replicas } = world().platform.service('referral');
    const { database } = faults();
    world().onJourneyEnd(async () => database.restore());
    database.dropAnswers();
    await takeOutOfService(world(), shelter); // `referral` is told of it
    for (const { healthUrl } of replicas) {
      await eventually(
        async () => expect((await fetch(`${healthUrl}/ready`)).status).toBe(503),
        SAID_WITHIN_MS,
      );
      await eventually(async () => {
        const parts = (await (await fetch(`${healthUrl}/parts`)).json()) as Record<
          string,
          { moving: boolean }
        >;
        expect([parts.database?.moving, parts.timers?.moving, parts.relay?.moving]).toEqual([
          false,
          false,
          false,
        ]);
      }, SAID_WITHIN_MS);
      expect((await fetch(`${healthUrl}/live`)).status).toBe(200);
    }
    await untilAlert(world(), 'DatabaseUnreachable');
    await untilAlert(world(), 'TimersStalled');
    await untilAlert(world(), 'RelayStalled');
    await untilAlert(world(), 'ConsumerStalled');
    database.restore();
    for (const { healthUrl } of replicas)
      await eventually(async () => expect((await fetch(`${healthUrl}/ready`)).status).toBe(200));
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
