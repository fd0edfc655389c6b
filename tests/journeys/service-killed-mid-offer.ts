import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { withdraw } from './withdraw.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function serviceKilledMidOffer(world: () => World): void {
  it.each(['referral', 'shelter-capacity'] as const)(
    'goes on where it was when %s is killed between the yes and the promise',
    async (name) => {
      const shelter = await openShelter(world(), { beds: 1 });
      const person = await request(world());
      const { offerId } = await untilOffered(world(), shelter);
      const { process } = world().platform.service(name);
      const restarts = process.restarts();
      const accepted = call(
        world().referral,
        'acceptOffer',
        { offerId },
        await shelter.as('provider-staff'),
      );
      if (name === 'shelter-capacity') await process.kill('SIGKILL');
      await accepted;
      if (name === 'referral') await process.kill('SIGKILL');
      await process.whenReady();
      expect(process.restarts()).toBeGreaterThan(restarts);
      await eventually(async () => {
        const { state } = await readReferral(world(), person.referralId);
        expect(['awaiting-person', 'confirming', 'unplaced', 'searching']).toContain(state);
      });
      await untilState(world(), person.referralId, 'awaiting-person');
      await recordAnswers(world(), person, true);
      expect(await unitsIn(world(), shelter, 'confirmed')).toBe(1);
      await withdraw(world(), person.referralId);
      await eventually(async () => expect(await unitsIn(world(), shelter, 'free')).toBe(1));
    },
  );
}
