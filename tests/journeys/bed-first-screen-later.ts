import { randomUUID } from 'node:crypto';
import {
  AgeAnswer,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { arrange, readAddress, recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { eventsOf, eventually, untilOffered, untilState, type World } from './world.ts';

export function bedFirstScreenLater(world: () => World): void {
  it('a person arrives safely after an emergency request alone; the case is opened and the screening is made afterwards', async () => {
    const shelter = await openShelter(world(), { addressLine: 'Synthetic Lane 7' });
    const person = await request(world());
    const offer = await untilOffered(world(), shelter);
    const staff = await shelter.as('provider-staff');
    const profile = await call(
      world().referral,
      'getOfferProfile',
      { offerId: offer.offerId, purpose: 'accommodation' },
      staff,
    );
    expect(profile).toMatchObject({ group: 'women', places: 1 });
    await call(world().referral, 'acceptOffer', { offerId: offer.offerId }, staff);
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await arrange(world(), person);
    expect(await readAddress(world(), offer.offerId)).toBe('Synthetic Lane 7');
    await call(
      world().referral,
      'recordCollected',
      { referralId: person.referralId },
      await world().responders.as('escort'),
    );
    await call(world().shelters, 'recordArrival', { holdId: offer.offerId }, staff);
    const arrived = await untilState(world(), person.referralId, 'started');
    expect(eventsOf(arrived)).toEqual(
      expect.arrayContaining([
        'OfferMade',
        'UnitConfirmed',
        'PersonAgreed',
        'JourneyArranged',
        'PersonCollected',
        'ServiceStarted',
      ]),
    );
    await addressEnds(world(), offer.offerId);
    await openTheCaseAfterwards(
      world(),
      person.members[0]?.caseReference ?? '',
      offer.offerId,
      staff,
    );
  });
}

/** After the arrival nobody can read the address any more. */
async function addressEnds(world: World, holdId: string): Promise<void> {
  const reading = call(
    world.shelters,
    'getArrivalAddress',
    { holdId },
    await world.responders.as('escort'),
  );
  expect(refusalOf(await reading.catch((error: unknown) => error))).toBe('not-found');
}

async function openTheCaseAfterwards(
  world: World,
  reference: string,
  holdId: string,
  staff: { token: string },
): Promise<void> {
  const responder = await world.responders.as('responder');
  const caseId = randomUUID();
  const { references } = await call(
    world.vault,
    'openCase',
    { caseId, services: ['identification-intake'], need: 'safe-accommodation' },
    responder,
  );
  await call(
    world.vault,
    'registerReference',
    { caseId, reference: { service: 'referral', reference } },
    responder,
  );
  const caseReference = references[0]?.reference ?? '';
  const answers = [
    'ex-excessive-working-days-or-hours',
    'ex-low-or-no-salary',
    'cd-debt-bondage',
    'cd-violence-on-victim',
    'dr-wages-or-earnings',
    'dr-conditions-of-work',
    'dr-housing-and-living-conditions',
  ].map((indicator) => ({ indicator, presence: Presence.PRESENT }));
  const screeningId = randomUUID();
  const screening = {
    screeningId,
    caseReference,
    list: 'ilo-2009',
    age: AgeAnswer.ADULT,
    answers,
    basis: 'permission',
    safety: { speaksFreely: true, inDanger: false },
    session: undefined,
  };
  const evaluated = await call(world.intake, 'recordScreening', screening, responder);
  expect(evaluated).toMatchObject({ result: 'indicated', rule: 'adult-1' });
  const concluded = await call(
    world.intake,
    'concludeScreening',
    { screeningId, conclusion: 'indicated', reason: '', noteId: '' },
    responder,
  );
  expect(concluded.state).toBe('concluded');
  await call(
    world.intake,
    'getScreening',
    { screeningId, purpose: 'identification-decision' },
    responder,
  );
  await everyDisclosureIsShown(world, caseId, holdId, staff);
}

/** Disclosures before the case was opened are shown to the person too: the offer, the profile, the address, the screening. */
async function everyDisclosureIsShown(
  world: World,
  caseId: string,
  holdId: string,
  staff: { token: string },
): Promise<void> {
  const caseworker = await world.responders.as('caseworker');
  await eventually(async () => {
    const { disclosures } = await call(
      world.vault,
      'listDisclosures',
      { caseId, pageSize: 50, pageToken: '', forThePerson: false },
      caseworker,
    );
    expect(disclosures.map((one) => one.content)).toEqual(
      expect.arrayContaining(['offer', 'coded-profile', 'arrival-address', 'screening']),
    );
  });
  const wish = {
    caseId: '',
    holdId,
    section: 'identity',
    purpose: 'accommodation',
    personId: '',
    person: 0,
    version: 0,
  };
  const refused = await call(world.vault, 'readSection', wish, staff).catch(
    (error: unknown) => error,
  );
  expect(refusalOf(refused)).toBe('no-basis');
}
