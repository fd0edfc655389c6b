import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from '../person.ts';
import { openShelter, type Shelter } from '../shelter.ts';
import { eventsOf, untilOffered, untilState } from '../world.ts';
import { statusOf } from './cases.ts';
import type { TestCountry } from './country.ts';
import { inEveryState } from './states.ts';

export function negativeDecisionSupportContinues(country: () => TestCountry): void {
  it('people in every state of the formal process get the same offers and places, also after a negative decision', async () => {
    const { world } = country();
    const people = await inEveryState(country());
    const shelter = await openShelter(world, { beds: people.length + 1 });
    const unknown = await placed(country(), shelter);
    for (const { state, stage, person } of people) {
      const stageNow = async () =>
        (await statusOf(country(), person, await world.responders.as('responder'))).stage;
      expect([state, await stageNow()]).toEqual([state, stage]);
      expect([state, ...(await placed(country(), shelter, person.caseId))]).toEqual([
        state,
        ...unknown,
      ]);
      expect([state, await stageNow()]).toEqual([state, stage]);
    }
    await world.cleanUp();
  });
}

/** Requests a referral, and has it placed. @returns its events. */
async function placed(
  { world }: TestCountry,
  shelter: Shelter,
  caseId?: string,
): Promise<string[]> {
  const asked = await request(world);
  const reference = { service: 'referral', reference: asked.members[0]?.caseReference ?? '' };
  const responder = await world.responders.as('responder');
  if (caseId !== undefined)
    await call(world.vault, 'registerReference', { caseId, reference }, responder);
  const { offerId } = await untilOffered(world, shelter);
  await call(world.referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
  await untilState(world, asked.referralId, 'awaiting-person');
  await recordAnswers(world, asked, true);
  const happened = eventsOf(await untilState(world, asked.referralId, 'agreed'));
  return happened.filter((event) => event !== 'ReferenceRegistered'); // comes at an undetermined time from the vault
}
