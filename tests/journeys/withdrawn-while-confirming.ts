import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { withdraw } from './withdraw.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

export function withdrawnWhileConfirming(world: () => World): void {
  it('a withdrawal while a place is being confirmed is final: a later confirmation is answered with a release', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const { referralId } = await request(world());
    const offer = await untilOffered(world(), shelter);
    const { process } = world().platform.service('shelter-capacity');
    process.pause();
    try {
      await call(
        world().referral,
        'acceptOffer',
        { offerId: offer.offerId },
        await shelter.as('provider-staff'),
      );
      expect((await readReferral(world(), referralId)).state).toBe('confirming');
      await withdraw(world(), referralId);
    } finally {
      process.resume();
    }
    await untilState(world(), referralId, 'withdrawn');
    await eventually(async () => expect(await unitsIn(world(), shelter, 'free')).toBe(1));
    const referral = await readReferral(world(), referralId);
    expect(referral.state).toBe('withdrawn');
    expect(eventsOf(referral)).not.toContain('UnitConfirmed');
  });
}
