import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { withdraw } from './withdraw.ts';
import { eventually, readReferral, untilOffered, untilOfferedAgain, type World } from './world.ts';

const RACES = 5;

export function confirmRacesExpiry(world: () => World): void {
  it('an acceptance at the soft deadline either confirms the bed or comes after the hold expired, never both', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const staff = await shelter.as('provider-staff');
    for (let race = 0; race < RACES; race++) {
      const { referralId } = await request(world());
      await untilOfferedAgain(world(), referralId);
      const offer = await untilOffered(world(), shelter);
      await Promise.all([
        world().advanceTime(minutes(60)),
        call(world().referral, 'acceptOffer', { offerId: offer.offerId }, staff),
      ]);
      await eventually(async () => {
        const referral = await readReferral(world(), referralId);
        // The hour may also pass between acceptance and confirmation. Then the deadline to confirm has passed too, and the bed is released.
        expect(['awaiting-person', 'unplaced']).toContain(referral.state);
        const confirmed = await unitsIn(world(), shelter, 'confirmed');
        expect(confirmed).toBe(referral.state === 'awaiting-person' ? 1 : 0);
      });
      await withdraw(world(), referralId);
      await eventually(async () => expect(await unitsIn(world(), shelter, 'free')).toBe(1));
    }
  });
}
