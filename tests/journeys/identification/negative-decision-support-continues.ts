import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request, says } from '../person.ts';
import { openShelter, type Shelter } from '../shelter.ts';
import { eventsOf, untilOffered, untilState } from '../world.ts';
import { type Country, standing } from './country.ts';
import { inEveryState } from './states.ts';

export function negativeDecisionSupportContinues(country: () => Country): void {
  it('needs, offers and places everybody the same, in every state of the formal process, the negative ones included', async () => {
    const { world } = country();
    const people = await inEveryState(country());
    const shelter = await openShelter(world, { beds: people.length + 1 });
    const unknown = await placed(country(), shelter);
    for (const { state, stage, person } of people) {
      const stageNow = async () => (await standing(country(), person, await world.responders.as('responder'))).stage;
      expect([state, await stageNow()]).toEqual([state, stage]);
      expect([state, ...(await placed(country(), shelter, person.caseId))]).toEqual([state, ...unknown]);
      expect([state, await stageNow()]).toEqual([state, stage]);
    }
    await world.tidy();
  });
}

/** She asks, is offered a place, and moves in. @returns what happened, event by event. */
async function placed({ world }: Country, shelter: Shelter, caseId?: string): Promise<string[]> {
  const asked = await request(world);
  const reference = { service: 'referral', reference: asked.members[0]?.caseReference ?? '' };
  const responder = await world.responders.as('responder');
  if (caseId !== undefined) await call(world.vault, 'registerReference', { caseId, reference }, responder);
  const { offerId } = await untilOffered(world, shelter);
  await call(world.referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
  await untilState(world, asked.referralId, 'awaiting-person');
  await says(world, asked, true);
  const happened = eventsOf(await untilState(world, asked.referralId, 'placed'));
  return happened.filter((event) => event !== 'ReferenceRegistered'); // whenever the vault has told it
}
