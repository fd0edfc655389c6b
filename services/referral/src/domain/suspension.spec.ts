import { describe, expect, it } from 'vitest';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from './scenario.fixture.ts';
import { serviceChanged, serviceStarted } from './service-started.ts';
import { serviceSuspended } from './suspension.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(four)), 1);
const suspends = (scenario: Scenario, nth = 0): Scenario => {
  const suspended = scenario.referral.offers[nth]?.serviceId ?? '';
  const services = scenario.services.filter((one) => one.serviceId !== suspended);
  return when({ ...scenario, services }, (r, k) => serviceSuspended(r, suspended, k));
};

describe('a service that is suspended', () => {
  it('loses its open offer, and the next service is asked', () => {
    const changed = suspends(asked());
    expect(changed.types).toEqual(['OfferWithdrawn', 'SearchDecided', 'ServiceAsked']);
    expect(changed.referral.offers[0]).toMatchObject({
      status: 'withdrawn',
      code: 'NOT_ACCREDITED',
    });
  });

  it('raises an alert where a person stays there, until their stay has ended', () => {
    const there = when(awaitingPerson(four), (r, k) =>
      serviceStarted(r, r.offers[0]?.offerId ?? '', k.now, k),
    );
    expect(alertsOf(suspends(there))).toEqual(['service-suspended']);
    const ended = when(there, (r, k) => serviceChanged(r, offerIdOf(there), 'moved-on', true, k));
    expect(suspends(ended).outcome).toBe('nothing-changes');
  });

  it('raises no alert where the person stays at another service, or where the referral ended without a place', () => {
    const there = when(awaitingPerson(four), (r, k) =>
      serviceStarted(r, r.offers[0]?.offerId ?? '', k.now, k),
    );
    expect(suspends(there, 1).outcome).toBe('nothing-changes');
    const over = when(asked(), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(suspends(over).outcome).toBe('nothing-changes');
  });

  it('may not read the profile any more, and loses the unit that is being confirmed', () => {
    expect(suspends(providerHolds(requestScenario(four))).types[0]).toBe('OfferWithdrawn');
    expect(suspends(providerAccepts(providerHolds(requestScenario(four)))).types).toContain(
      'UnitLost',
    );
  });

  it('keeps a confirmed place, and an alert is raised', () => {
    const suspended = suspends(personAnswers(awaitingPerson(four), true));
    expect(suspended.types).toEqual(['AlertRaised']);
    expect(alertsOf(suspended)).toEqual(['service-suspended']);
    expect(suspended.referral.stage.name).toBe('agreed');
  });
});
