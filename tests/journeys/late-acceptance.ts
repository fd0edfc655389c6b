import { call } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { confirmedOffer, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import {
  eventsOf,
  eventually,
  untilOffered,
  untilOfferedAgain,
  untilState,
  type World,
} from './world.ts';

export function lateAcceptance(world: () => World): void {
  it('the bed is released at the soft deadline, and a later acceptance still counts: the bed is held again and confirmed in one step', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const { referralId } = await request(world());
    const offer = await untilOffered(world(), shelter);
    expect(await unitsIn(world(), shelter, 'held')).toBe(1);
    await world().advanceTime(minutes(61));
    await eventually(async () => expect(await unitsIn(world(), shelter, 'free')).toBe(1));
    await call(
      world().referral,
      'acceptOffer',
      { offerId: offer.offerId },
      await shelter.as('provider-staff'),
    );
    const confirmed = await untilState(world(), referralId, 'awaiting-person');
    expect(confirmedOffer(confirmed)).toBe(offer.offerId);
    expect(eventsOf(confirmed)).toEqual(
      expect.arrayContaining([
        'OfferSoftened',
        'ReferralUnplaced',
        'OfferAccepted',
        'UnitConfirmed',
      ]),
    );
    expect(await unitsIn(world(), shelter, 'confirmed')).toBe(1);
  });

  it('the referral searches again when the bed is taken before a late acceptance', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const first = await request(world());
    const offer = await untilOffered(world(), shelter);
    await world().advanceTime(minutes(61));
    await eventually(async () => expect(await unitsIn(world(), shelter, 'free')).toBe(1));
    const second = await request(world());
    await untilOfferedAgain(world(), second.referralId);
    await call(
      world().referral,
      'acceptOffer',
      { offerId: offer.offerId },
      await shelter.as('provider-staff'),
    );
    const unplaced = await untilState(world(), first.referralId, 'unplaced');
    expect(eventsOf(unplaced)).toContain('UnitLost');
    expect(await unitsIn(world(), shelter, 'held')).toBe(1);
  });
}
