import { describe, expect, it } from 'vitest';
import { unitConfirmed, unitUnavailable } from './confirming.ts';
import { unitHeld } from './offering.ts';
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
  when,
  withPermission,
} from './scenario.fixture.ts';
import { serviceStarted } from './service-started.ts';

const shelters = Array.from({ length: 6 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(shelters)), 1);

describe('the confirmation of a bed', () => {
  const gone = (scenario: Scenario, nth = 0): Scenario =>
    when(scenario, (r, k) => unitUnavailable(r, offerIdOf(scenario, nth), 'not-possible-here', k));

  it('ignores the loss of a unit of another offer, and the loss of a unit after the arrival', () => {
    const confirming = providerAccepts(asked());
    expect(gone(confirming, 1).outcome).toBe('not-the-current-offer');
    expect(gone(requestScenario(shelters)).outcome).toBe('not-the-current-offer');
    const there = when(providerConfirms(confirming), (r, k) =>
      serviceStarted(r, offerIdOf(confirming), k.now, k),
    );
    expect(gone(there).outcome).toBe('not-the-current-offer');
  });

  it('is requested from the service on standby when the first bed is lost', () => {
    const lost = gone(providerAccepts(providerAccepts(asked()), 1));
    expect(lost.types).toEqual(['UnitLost', 'ConfirmationRequested']);
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
    const twice = when(placed, (r, k) => unitConfirmed(r, offerIdOf(placed), k));
    expect([twice.types, twice.outcome]).toEqual([[], 'already-confirmed']);
  });

  it('that is no longer expected is released, as is a hold that came late', () => {
    const late = when(minutesPass(providerAccepts(asked()), 1), (r, k) =>
      unitConfirmed(r, r.offers[0]?.offerId ?? '', k),
    );
    expect(late.types).toEqual(['StaleConfirmationReleased']);
    const other = providerAccepts(providerHolds(requestScenario(shelters)));
    const aside = when(other, (r, k) => unitHeld(r, offerIdOf(other, 1), k));
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
