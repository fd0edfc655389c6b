import { expect, it } from 'vitest';
import { eventually, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { ask, bringToPlaced, eachHasOneBed, openFor, takeOutOfService, untilAsked } from './crowd.ts';
import type { Surroundings } from './surroundings.ts';

const SAID_WITHIN_MS = 10_000;

export function databaseSilent(world: () => World, around: () => Surroundings): void {
  it('is said within ten seconds by readiness and by each part, and everything goes on by itself when it answers again', async () => {
    const shelter = await openFor(world(), 3);
    const people = await ask(world(), 2);
    for (const person of people) await untilAsked(world(), person);
    const { replicas } = world().platform.services.referral;
    const { database } = around();
    world().afterwards(async () => database.restore());
    database.swallowAnswers();
    await takeOutOfService(world(), shelter); // `referral` is told of it
    for (const { healthUrl } of replicas) {
      await eventually(async () => expect((await fetch(`${healthUrl}/ready`)).status).toBe(503), SAID_WITHIN_MS);
      await eventually(async () => {
        const parts = (await (await fetch(`${healthUrl}/parts`)).json()) as Record<string, { moving: boolean }>;
        expect([parts.database?.moving, parts.timers?.moving, parts.relay?.moving]).toEqual([false, false, false]);
      }, SAID_WITHIN_MS);
      expect((await fetch(`${healthUrl}/live`)).status).toBe(200);
    }
    await untilAlert(world(), 'DatabaseAway');
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
