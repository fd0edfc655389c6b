import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { service } from './saga.fixture.ts';
import {
  awaitingPerson,
  offerIdOf,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from './scenario.fixture.ts';
import { askedWhileSearching, serviceAvailable } from './service-available.ts';

const three = Array.from({ length: 3 }, () => service('by-offer'));
const fits = (scenario: Scenario, serviceId = three[2]?.serviceId ?? ''): Scenario =>
  when(scenario, serviceAvailable(serviceId));

describe('how many services are asked for a referral', () => {
  it('that looks for a place: those that have not answered', () => {
    const asked = providerHolds(requestScenario(three.slice(0, 2)));
    expect(askedWhileSearching(asked.referral)).toBe(2);
    const declined = when(asked, (r, k) =>
      declineOffer(r, offerIdOf(asked), { code: 'full', noteId: undefined }, k),
    );
    expect(askedWhileSearching(declined.referral)).toBe(1);
  });

  it('that found nobody: none', () =>
    expect(askedWhileSearching(requestScenario([]).referral)).toBe(0));

  it('that has a place is not said', () =>
    expect(askedWhileSearching(awaitingPerson(three).referral)).toBeUndefined());
});

describe('a service at which something may fit now', () => {
  it('is asked by a referral that found nobody', () =>
    expect(fits({ ...requestScenario([]), services: three }).types).toContain('ServiceAsked'));

  it('is not asked where as many are asked as may be at once', () =>
    expect(fits(requestScenario(three)).outcome).toBe('enough-asked'));

  it('is not asked where a place is promised, or where it does not suit', () => {
    expect(fits(awaitingPerson(three)).outcome).toBe('not-searching');
    expect(fits(requestScenario([]), 'unknown').outcome).toBe('not-eligible');
  });
});
