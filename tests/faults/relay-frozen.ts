import { expect, it } from 'vitest';
import type { World } from '../journeys/world.ts';
import { relayHolder } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilOfferOpen,
} from './shelter-with-people.ts';

export function relayFrozen(world: () => World): void {
  it('a frozen relay is replaced by another replica, and no bed is doubled when the frozen one continues', async () => {
    const shelter = await openShelterWithBeds(world(), 4);
    const frozen = await relayHolder(world(), 'referral');
    frozen.process.pause();
    try {
      const people = await requestReferrals(world(), 2);
      for (const person of people) await untilOfferOpen(world(), person);
      expect((await relayHolder(world(), 'referral')).process.pid()).not.toBe(frozen.process.pid());
      frozen.process.resume();
      people.push(...(await requestReferrals(world(), 2)));
      await bringToPlaced(world(), { shelter, people });
      await eachHasOneBed(world(), { shelter, people });
    } finally {
      frozen.process.resume();
    }
  });
}
