import { describe, expect, it } from 'vitest';
import { answerByTelephone, declineOffer, readProfile, type TelephoneCall } from './answers.ts';
import { holdRefused } from './offering.ts';
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
} from './scenario.fixture.ts';
import { serviceStarted } from './service-started.ts';
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
    expect(objected.types).toContain('UnitLost');
    expect(alertsOf(objected)).toContain('place-lost');
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
    expect(
      reads(when(placed, (r, k) => serviceStarted(r, offerIdOf(placed), k.now, k))).outcome,
    ).toBe('not-found');
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
    expect(declines(direct, 'safety-concern').types).toContain('UnitLost');
    expect(declines(providerAccepts(asked()), 'safety-concern').outcome).toBe('offer-withdrawn');
  });
});
