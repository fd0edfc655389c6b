import { expect, it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { ask, bringToPlaced, eachHasOneBed, openFor, untilAsked } from './crowd.ts';
import { relayHolder } from './machinery.ts';

export function relayFrozen(world: () => World): void {
  it('is replaced by another replica, and does no harm when it thaws', async () => {
    const shelter = await openFor(world(), 4);
    const frozen = await relayHolder(world(), 'referral');
    frozen.process.pause();
    try {
      const people = await ask(world(), 2);
      for (const person of people) await untilAsked(world(), person);
      expect((await relayHolder(world(), 'referral')).process.pid()).not.toBe(frozen.process.pid());
      frozen.process.resume();
      people.push(...(await ask(world(), 2)));
      await bringToPlaced(world(), { shelter, people });
      await eachHasOneBed(world(), { shelter, people });
    } finally {
      frozen.process.resume();
    }
  });
}
