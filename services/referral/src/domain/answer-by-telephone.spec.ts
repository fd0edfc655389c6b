import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { answerByTelephone, declineOffer, logCallAttempt, type TelephoneCall } from './answers.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  minutesPass,
  offerIdOf,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from './scenario.fixture.ts';

const shelters = Array.from({ length: 6 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(shelters)), 1);
const declines = (scenario: Scenario, code = 'full', nth = 0): Scenario =>
  when(scenario, (r, k) =>
    declineOffer(r, offerIdOf(scenario, nth), { code, noteId: undefined }, k),
  );
const call: TelephoneCall = {
  providerAccepts: true,
  declineCode: undefined,
  spokeWith: 'manager',
  noteId: undefined,
  numberFromDirectory: true,
  readBack: true,
};
const phones = (scenario: Scenario, change: Partial<TelephoneCall> = {}, nth = 0): Scenario =>
  when(scenario, (r, k) =>
    answerByTelephone(r, offerIdOf(scenario, nth), { ...call, ...change }, k),
  );

describe('an answer by telephone', () => {
  it('that declines keeps its code; without one the code is `other`', () => {
    const no = (declineCode: string | undefined) =>
      phones(asked(), { providerAccepts: false, declineCode }).referral.offers[0];
    expect(no('full')).toMatchObject({ status: 'declined', code: 'full' });
    expect(no(undefined)).toMatchObject({ status: 'declined', code: 'other' });
  });

  it('that declined is confirmed by a decline of the provider, and denied by its acceptance', () => {
    const answered = phones(asked(), { providerAccepts: false, declineCode: 'full' });
    expect(declines(answered).types).toEqual(['TelephoneAnswerConfirmed']);
    expect(providerAccepts(answered).types).toEqual(['TelephoneAnswerDenied', 'AlertRaised']);
  });

  it('takes effect at once, like an acceptance by the provider', () =>
    expect(phones(asked()).types).toEqual([
      'AnsweredByTelephone',
      'OfferAccepted',
      'ConfirmationRequested',
    ]));

  it('needs the number of the directory, and must be read back', () => {
    expect(phones(asked(), { numberFromDirectory: false }).outcome).toBe(
      'number-not-from-directory',
    );
    expect(phones(asked(), { readBack: false }).outcome).toBe('not-read-back');
  });

  it('is confirmed or denied by the provider; a denial raises an alert and reverts nothing', () => {
    const answered = phones(asked());
    expect(providerAccepts(answered).types).toEqual(['TelephoneAnswerConfirmed']);
    const denied = declines(answered);
    expect(denied.types).toEqual(['TelephoneAnswerDenied', 'AlertRaised']);
    expect(alertsOf(denied)).toEqual(['telephone-answer-denied']);
    expect(denied.referral.stage).toEqual(answered.referral.stage);
  });

  it('raises an alert when the provider has not confirmed it by the next noon', () => {
    const answered = phones(asked());
    const noon = answered.referral.offers[0]?.telephone?.confirmBy ?? Number.NaN;
    const passed = minutesPass(providerConfirms(answered), (noon - answered.now) / minutes(1));
    expect(passed.types).toContain('TelephoneAnswerUnconfirmed');
    expect(alertsOf(passed)).toContain('telephone-answer-unconfirmed');
    expect(passed.referral.offers[0]?.telephone).toBeUndefined();
  });

  it('is refused for an offer of another referral, as is a call attempt; a call attempt is refused after the offer ended', () => {
    const tries = (scenario: Scenario, offerId: string): Scenario =>
      when(scenario, (r) => logCallAttempt(r, offerId, 'no-answer'));
    expect(when(asked(), (r, k) => answerByTelephone(r, 'foreign', call, k)).outcome).toBe(
      'not-found',
    );
    expect(tries(asked(), 'foreign').outcome).toBe('not-found');
    const declined = declines(asked());
    expect(tries(declined, offerIdOf(declined)).outcome).toBe('offer-closed');
  });

  it('that was only attempted does not move the soft deadline', () => {
    const tried = when(asked(), (r) => logCallAttempt(r, r.offers[0]?.offerId ?? '', 'no-answer'));
    expect(tried.referral.offers[0]).toMatchObject({
      attempts: 1,
      softDeadline: asked().referral.offers[0]?.softDeadline,
    });
  });
});
