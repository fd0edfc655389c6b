import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter, type Shelter } from './shelter.ts';
import { rows } from './state.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function partySplits(world: () => World): void {
  it('when a member leaves a party, the hold is reduced to the member who stays, and the other gets a referral of their own', async () => {
    const first = await openShelter(world(), { beds: 2, groups: ['family'], largestParty: 6 });
    const party = await request(world(), { party: 2, group: 'family' });
    await accepts(world(), first);
    await untilState(world(), party.referralId, 'awaiting-person');
    const second = await openShelter(world(), { beds: 1, groups: ['family'], largestParty: 6 });

    const [stays, leaves] = party.members;
    const [memberReferralId = ''] = await recordAnswers(
      world(),
      { ...party, members: leaves ? [leaves] : [] },
      false,
    );
    await eventually(async () => expect(await unitsIn(world(), first, 'confirmed')).toBe(1));
    const remaining = await readReferral(world(), party.referralId);
    expect(remaining).toMatchObject({
      state: 'awaiting-person',
      party: [{ memberId: stays?.memberId }],
    });

    const own = await readReferral(world(), memberReferralId);
    expect(own).toMatchObject({
      urgency: remaining.urgency,
      party: [{ caseReference: leaves?.caseReference }],
    });
    await accepts(world(), second);
    await untilState(world(), memberReferralId, 'awaiting-person');
    await recordAnswers(
      world(),
      { referralId: memberReferralId, members: leaves ? [leaves] : [] },
      true,
    );
    await recordAnswers(world(), { ...party, members: stays ? [stays] : [] }, true);
    await untilState(world(), party.referralId, 'agreed');

    const place = async (reference = '') =>
      (await relationsOf(world(), reference)).map(({ organisation_id }) => organisation_id);
    await eventually(async () => expect(await place(stays?.caseReference)).toEqual([first.id]));
    await eventually(async () => expect(await place(leaves?.caseReference)).toEqual([second.id]));
  });
}

async function accepts(world: World, shelter: Shelter): Promise<void> {
  const { offerId } = await untilOffered(world, shelter);
  await call(world.referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
}

const relationsOf = (world: World, reference: string) =>
  rows<{ organisation_id: string }>(
    world,
    'case-vault',
    'SELECT organisation_id FROM relation WHERE reference = $1 AND ended_at IS NULL',
    [reference],
  );
