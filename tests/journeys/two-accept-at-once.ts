import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function twoAcceptAtOnce(world: () => World): void {
  it('of two acceptances at the same time one is confirmed; the other stays on standby, and is released when the person has agreed', async () => {
    const shelters = [
      await openShelter(world(), { beds: 1 }),
      await openShelter(world(), { beds: 1 }),
    ];
    const person = await request(world());
    const offers = await Promise.all(shelters.map((shelter) => untilOffered(world(), shelter)));
    const answers = await Promise.all(
      shelters.map(async (shelter, nth) =>
        call(
          world().referral,
          'acceptOffer',
          { offerId: offers[nth]?.offerId ?? '' },
          await shelter.as('provider-staff'),
        ),
      ),
    );
    expect(answers.map((one) => one.state).sort()).toEqual(['confirming', 'standby']);
    const waiting = await untilState(world(), person.referralId, 'awaiting-person');
    expect(waiting.offers.map((one) => one.status).sort()).toEqual(['confirmed', 'standby']);
    const before = await Promise.all(shelters.map((shelter) => unitsIn(world(), shelter, 'free')));
    expect(before).toEqual([0, 0]);
    await recordAnswers(world(), person, true);
    await eventually(async () => {
      const { offers: after } = await readReferral(world(), person.referralId);
      expect(after.map((one) => one.status).sort()).toEqual(['confirmed', 'withdrawn']);
      const free = await Promise.all(shelters.map((shelter) => unitsIn(world(), shelter, 'free')));
      expect(free.sort()).toEqual([0, 1]);
    });
  });

  it('an acceptance on standby is confirmed when the person declines the first place', async () => {
    const shelters = [
      await openShelter(world(), { beds: 1 }),
      await openShelter(world(), { beds: 1 }),
    ];
    const person = await request(world());
    const offers = await Promise.all(shelters.map((shelter) => untilOffered(world(), shelter)));
    for (const [nth, shelter] of shelters.entries())
      await call(
        world().referral,
        'acceptOffer',
        { offerId: offers[nth]?.offerId ?? '' },
        await shelter.as('provider-staff'),
      );
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, false);
    const waiting = await untilState(world(), person.referralId, 'awaiting-person');
    expect(waiting.offers.map((one) => one.status).sort()).toEqual([
      'confirmed',
      'person-declined',
    ]);
  });
}
