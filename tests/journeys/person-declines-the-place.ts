import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function personDeclinesThePlace(world: () => World): void {
  it('when the person declines a place, its bed is released, that service is not asked again, and the next one is asked', async () => {
    const [first, second] = [await openShelter(world()), await openShelter(world())];
    const person = await request(world(), { urgency: Urgency.EMERGENCY });
    const offers = [await untilOffered(world(), first), await untilOffered(world(), second)];
    await call(
      world().referral,
      'declineOffer',
      { offerId: offers[1]?.offerId ?? '', code: 'full', noteId: '' },
      await second.as('provider-staff'),
    );
    await call(
      world().referral,
      'acceptOffer',
      { offerId: offers[0]?.offerId ?? '' },
      await first.as('provider-staff'),
    );
    await untilState(world(), person.referralId, 'awaiting-person');
    const third = await openShelter(world());
    await recordAnswers(world(), person, false);
    const offer = await untilOffered(world(), third);
    const referral = await readReferral(world(), person.referralId);
    expect(referral.offers.map((one) => [one.organisationId, one.status])).toEqual(
      expect.arrayContaining([
        [first.id, 'person-declined'],
        [second.id, 'declined'],
        [third.id, 'open'],
      ]),
    );
    await eventually(async () => expect(await unitsIn(world(), first, 'free')).toBe(2));
    await expectDeclinedExcluded(world(), person.referralId, first.serviceId);
    await call(
      world().referral,
      'acceptOffer',
      { offerId: offer.offerId },
      await third.as('provider-staff'),
    );
    await untilState(world(), person.referralId, 'awaiting-person');
  });
}

/** The decision record names the rule that excluded the declined place. */
async function expectDeclinedExcluded(
  world: World,
  referralId: string,
  serviceId: string,
): Promise<void> {
  const decision = await call(
    world.referral,
    'getDecision',
    { referralId, search: 0 },
    await world.coordinators.as('coordinator'),
  );
  const candidate = decision.candidates.find((one) => one.serviceId === serviceId);
  expect(candidate?.failed).toContain('PERSON_DECLINED');
}
