import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { arrange, recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { withdraw } from './withdraw.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function memberOfPartyWithdraws(world: () => World): void {
  it('when a member withdraws, the hold becomes smaller, the other members are asked again, and they arrive', async () => {
    const shelter = await openShelter(world(), { beds: 3, groups: ['family'], largestParty: 6 });
    const party = await request(world(), { party: 3, group: 'family' });
    const offer = await untilOffered(world(), shelter);
    const staff = await shelter.as('provider-staff');
    await call(world().referral, 'acceptOffer', { offerId: offer.offerId }, staff);
    await untilState(world(), party.referralId, 'awaiting-person');
    expect(await unitsIn(world(), shelter, 'confirmed')).toBe(3);
    const [first, second, third] = party.members;
    await recordAnswers(world(), { ...party, members: first ? [first] : [] }, true);
    await withdraw(world(), party.referralId, third?.memberId);
    await eventually(async () => expect(await unitsIn(world(), shelter, 'confirmed')).toBe(2));
    const waiting = await readReferral(world(), party.referralId);
    expect(waiting).toMatchObject({ state: 'awaiting-person' });
    expect(waiting.party).toHaveLength(2);
    await recordAnswers(
      world(),
      { ...party, members: [first, second].flatMap((one) => (one ? [one] : [])) },
      true,
    );
    await arrange(world(), party);
    await eventually(
      async () =>
        void (await call(world().shelters, 'recordArrival', { holdId: offer.offerId }, staff)),
    );
    await untilState(world(), party.referralId, 'started');
    expect(await unitsIn(world(), shelter, 'occupied')).toBe(2);
  });

  it('a party gets units at one site for all members, or none', async () => {
    const shelter = await openShelter(world(), { beds: 2, groups: ['family'], largestParty: 6 });
    const { referralId } = await request(world(), { party: 3, group: 'family' });
    await untilState(world(), referralId, 'unplaced');
    expect(await unitsIn(world(), shelter, 'free')).toBe(2);
  });
}
