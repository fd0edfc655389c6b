import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import {
  answerByTelephone,
  declineOffer,
  logCallAttempt,
  readProfile,
  type TelephoneCall,
} from './answers.ts';
import { bedConfirmed, bedNotAvailable } from './confirming.ts';
import { arrived } from './journey.ts';
import { bedHeld, holdRefused } from './offering.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

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

describe('the provider', () => {
  it('confirms the first acceptance, and puts the second on standby', () => {
    const first = providerAccepts(asked());
    expect(first.types).toEqual(['OfferAccepted', 'ConfirmationRequested']);
    expect(statuses(first)[0]).toBe('confirming');
    expect(providerAccepts(first, 1).types).toEqual(['OfferAccepted', 'OfferPutOnStandby']);
  });

  it('may accept late, after its hold was released', () => {
    const late = minutesPass(asked(), 61);
    expect(statuses(late).slice(0, 2)).toEqual(['softened', 'softened']);
    expect(providerAccepts(late).types).toEqual(['OfferAccepted', 'ConfirmationRequested']);
  });

  it('may accept late, also when no service is left to ask', () => {
    const unplaced = minutesPass(providerHolds(requestScenario([service('by-offer')])), 61);
    expect(unplaced.referral.stage.name).toBe('unplaced');
    expect(providerAccepts(unplaced).types).toEqual(['OfferAccepted', 'ConfirmationRequested']);
  });

  it('receives the reason why its answer comes too late', () => {
    expect(providerAccepts(providerAccepts(asked())).outcome).toBe('already-answered');
    expect(providerAccepts(declines(asked())).outcome).toBe('already-declined');
    expect(providerAccepts(minutesPass(asked(), 24 * 60 + 1)).outcome).toBe('offer-closed');
    expect(providerAccepts(personAnswers(awaitingPerson(shelters), true), 1).outcome).toBe(
      'offer-withdrawn',
    );
    expect(
      when(asked(), (r, k) => declineOffer(r, 'foreign', { code: 'full', noteId: undefined }, k))
        .outcome,
    ).toBe('not-found');
  });

  it('receives the reason why its decline comes too late', () => {
    expect(declines(declines(asked())).outcome).toBe('already-declined');
    expect(declines(minutesPass(asked(), 24 * 60 + 1)).outcome).toBe('offer-closed');
    expect(declines(personAnswers(awaitingPerson(shelters), true), 'full', 1).outcome).toBe(
      'offer-withdrawn',
    );
    expect(declines(requestScenario(shelters)).outcome).toBe('not-found');
  });

  it('declines: its hold is released, and the next service is asked', () => {
    expect(declines(asked()).referral.offers[0]).toMatchObject({
      status: 'declined',
      hasHold: false,
    });
    expect(declines(asked()).types).toEqual(['OfferDeclined', 'SearchDecided', 'ServiceAsked']);
  });

  it('may not decline where it has a duty', () => {
    const duty = providerHolds(requestScenario([service('duty')]));
    expect(declines(duty).outcome).toBe('may-not-decline');
    expect(phones(duty, { providerAccepts: false }).outcome).toBe('may-not-decline');
  });

  it('by contract is confirmed without an answer, and may decline for safety only', () => {
    const direct = providerHolds(requestScenario([service('direct')]));
    expect(direct.types).toEqual(['OfferAccepted', 'ConfirmationRequested']);
    expect(declines(providerConfirms(direct)).outcome).toBe('only-for-safety');
    const objected = declines(providerConfirms(direct), 'safety-concern');
    expect(objected.types).toContain('BedLost');
    expect(alertsOf(objected)).toContain('place-lost');
  });
});

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

describe('the coded profile', () => {
  const reads = (scenario: Scenario, nth = 0): Scenario =>
    when(scenario, (r, k) =>
      readProfile(r, offerIdOf(scenario, nth), { person: 'staff', purpose: 'offer' }, k),
    );

  it('is read while the offer can be answered or is confirmed, and each read is recorded', () => {
    expect(reads(asked()).types).toEqual(['ProfileRead']);
    expect(reads(awaitingPerson(shelters)).types).toEqual(['ProfileRead']);
  });

  it('cannot be read before the offer is made, after a decline, or after the referral ended', () => {
    expect(reads(requestScenario(shelters)).outcome).toBe('not-found');
    expect(reads(declines(asked())).outcome).toBe('not-found');
    const over = when(awaitingPerson(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(reads(over).outcome).toBe('not-found');
    const placed = personAnswers(awaitingPerson(shelters), true);
    expect(reads(when(placed, (r, k) => arrived(r, offerIdOf(placed), k.now, k))).outcome).toBe(
      'not-found',
    );
  });
});

it('a refused hold leaves the offer without a hold', () => {
  const refused = when(requestScenario(shelters), (r, k) =>
    holdRefused(r, r.offers[0]?.offerId ?? '', 'not-possible-here', k),
  );
  expect(refused.referral.offers[0]).toMatchObject({ status: 'not-possible', hasHold: false });
});

it('a refused hold of another referral is ignored', () =>
  expect(
    when(requestScenario(shelters), (r, k) => holdRefused(r, 'foreign', 'not-possible-here', k))
      .outcome,
  ).toBe('unknown-offer'));

it('a hold that is announced twice makes one offer', () =>
  expect(providerHolds(providerHolds(requestScenario(shelters))).outcome).toBe(
    'hold-already-answered',
  ));

it('a hold that is refused after its offer was made changes nothing', () => {
  const offered = asked();
  expect(
    when(offered, (r, k) => holdRefused(r, offerIdOf(offered), 'not-possible-here', k)).outcome,
  ).toBe('hold-already-answered');
});

describe('a contracted bed', () => {
  it('can be declined for safety while it is being confirmed; an offer that the provider accepted itself cannot', () => {
    const direct = providerHolds(requestScenario([service('direct')]));
    expect(direct.referral.stage.name).toBe('confirming');
    expect(declines(direct).outcome).toBe('only-for-safety');
    expect(declines(direct, 'safety-concern').types).toContain('BedLost');
    expect(declines(providerAccepts(asked()), 'safety-concern').outcome).toBe('offer-withdrawn');
  });
});

describe('the confirmation of a bed', () => {
  const gone = (scenario: Scenario, nth = 0): Scenario =>
    when(scenario, (r, k) => bedNotAvailable(r, offerIdOf(scenario, nth), 'not-possible-here', k));

  it('ignores the loss of a unit of another offer, and the loss of a unit after the arrival', () => {
    const confirming = providerAccepts(asked());
    expect(gone(confirming, 1).outcome).toBe('not-the-current-offer');
    expect(gone(requestScenario(shelters)).outcome).toBe('not-the-current-offer');
    const there = when(providerConfirms(confirming), (r, k) =>
      arrived(r, offerIdOf(confirming), k.now, k),
    );
    expect(gone(there).outcome).toBe('not-the-current-offer');
  });

  it('is requested from the service on standby when the first bed is lost', () => {
    const lost = gone(providerAccepts(providerAccepts(asked()), 1));
    expect(lost.types).toEqual(['BedLost', 'ConfirmationRequested']);
    expect(lost.referral.stage).toMatchObject({ name: 'confirming', offerId: offerIdOf(lost, 1) });
  });

  it('raises an alert when it has failed three times, not before', () => {
    let scenario = requestScenario(shelters);
    for (const nth of [0, 1, 2]) {
      expect(alertsOf(scenario)).not.toContain('confirmation-keeps-failing');
      scenario = gone(providerAccepts(providerHolds(scenario, nth), nth), nth);
    }
    expect(alertsOf(scenario)).toContain('confirmation-keeps-failing');
  });

  it('resets the count of failures when a bed is confirmed', () => {
    const second = providerAccepts(providerHolds(gone(providerAccepts(asked()))), 1);
    expect(second.referral.failedConfirmations).toBe(1);
    expect(providerConfirms(second, 1).referral.failedConfirmations).toBe(0);
  });

  it('that fails does not change the urgency', () => {
    const urgent = providerAccepts(
      providerHolds(requestScenario(shelters, { urgency: 'urgent', known: [withPermission()] })),
    );
    expect(gone(urgent).referral.urgency).toBe('urgent');
    expect(gone(providerConfirms(urgent)).referral.urgency).toBe('emergency');
  });

  it('is applied once: a repeated message releases nothing', () => {
    const placed = awaitingPerson(shelters);
    const twice = when(placed, (r, k) => bedConfirmed(r, offerIdOf(placed), k));
    expect([twice.types, twice.outcome]).toEqual([[], 'already-confirmed']);
  });

  it('that is no longer expected is released, as is a hold that came late', () => {
    const late = when(minutesPass(providerAccepts(asked()), 1), (r, k) =>
      bedConfirmed(r, r.offers[0]?.offerId ?? '', k),
    );
    expect(late.types).toEqual(['StaleConfirmationReleased']);
    const other = providerAccepts(providerHolds(requestScenario(shelters)));
    const aside = when(other, (r, k) => bedHeld(r, offerIdOf(other, 1), k));
    expect(aside.types).toEqual(['OfferSetAside']);
    expect(aside.referral.offers[1]).toMatchObject({ status: 'set-aside', hasHold: false });
  });

  it('that is lost later starts a new search as an emergency', () => {
    const lost = gone(personAnswers(awaitingPerson(shelters), true));
    expect(lost.referral.urgency).toBe('emergency');
    expect(alertsOf(lost)).toEqual(['place-lost']);
    expect(lost.referral.offers[0]).toMatchObject({
      status: 'lost',
      hasHold: false,
      code: 'not-possible-here',
    });
    expect(lost.types).toContain('ServiceAsked');
  });
});
