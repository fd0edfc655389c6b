import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request, says } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { untilOffered, untilState } from '../world.ts';
import { type Country, decided, referred, standing } from './country.ts';

export function negativeDecisionSupportContinues(country: () => Country): void {
  it('places somebody whose status was refused as it places everybody', async () => {
    const { world } = country();
    const person = await referred(country());
    const decision = await decided(country(), person, Outcome.NEGATIVE);
    expect(decision?.stage).toBe('decided');
    const shelter = await openShelter(world);
    const asked = await request(world);
    await call(
      world.vault,
      'registerReference',
      {
        caseId: person.caseId,
        reference: { service: 'referral', reference: asked.members[0]?.caseReference ?? '' },
      },
      await world.responders.as('responder'),
    );
    const { offerId } = await untilOffered(world, shelter);
    await call(world.referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world, asked.referralId, 'awaiting-person');
    await says(world, asked, true);
    await untilState(world, asked.referralId, 'placed');
    expect((await standing(country(), person)).stage).toBe('decided');
    await world.tidy();
  });
}
