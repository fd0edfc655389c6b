import { Answer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

const telephoneAnswer = (offerId: string, answer: Answer) => ({
  offerId,
  answer,
  declineCode: answer === Answer.NO ? 'full' : '',
  spokeWith: 'night-staff',
  noteId: '',
  numberFromDirectory: true,
  readBack: true,
});

export function answeredByTelephone(world: () => World): void {
  it('an acceptance by telephone acts at once; without confirmation by the next noon an alert is raised and nothing is undone', async () => {
    const shelter = await openShelter(world());
    const person = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    const caseworker = await world().responders.as('caseworker');
    await call(world().referral, 'logCallAttempt', { offerId, code: 'no-answer' }, caseworker);
    const guessed = call(
      world().referral,
      'recordAnswerByTelephone',
      { ...telephoneAnswer(offerId, Answer.YES), numberFromDirectory: false },
      caseworker,
    );
    expect(refusalOf(await guessed.catch((error: unknown) => error))).toBe(
      'number-not-from-directory',
    );
    const recorded = await call(
      world().referral,
      'recordAnswerByTelephone',
      telephoneAnswer(offerId, Answer.YES),
      caseworker,
    );
    expect(recorded.state).toBe('confirming');
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await world().advanceTime(hours(36));
    await eventually(async () => {
      const referral = await readReferral(world(), person.referralId);
      expect(eventsOf(referral)).toContain('TelephoneAnswerUnconfirmed');
      expect(referral.state).toBe('agreed');
    });
  });

  it('the provider itself confirms or denies an answer by telephone', async () => {
    const [confirms, denies] = [await openShelter(world()), await openShelter(world())];
    const person = await request(world());
    const offers = [await untilOffered(world(), confirms), await untilOffered(world(), denies)];
    const caseworker = await world().responders.as('caseworker');
    for (const { offerId } of offers)
      await call(
        world().referral,
        'recordAnswerByTelephone',
        telephoneAnswer(offerId, Answer.YES),
        caseworker,
      );
    await untilState(world(), person.referralId, 'awaiting-person');
    await call(
      world().referral,
      'acceptOffer',
      { offerId: offers[0]?.offerId ?? '' },
      await confirms.as('provider-staff'),
    );
    await call(
      world().referral,
      'declineOffer',
      { offerId: offers[1]?.offerId ?? '', code: 'full', noteId: '' },
      await denies.as('provider-staff'),
    );
    const referral = await readReferral(world(), person.referralId);
    expect(eventsOf(referral)).toEqual(
      expect.arrayContaining(['TelephoneAnswerConfirmed', 'TelephoneAnswerDenied', 'AlertRaised']),
    );
    expect(referral.state).toBe('awaiting-person');
  });
}
