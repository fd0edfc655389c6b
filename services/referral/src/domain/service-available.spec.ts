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

describe('the number of services that are asked for a referral', () => {
  it('counts the services that have not answered, where the referral searches', () => {
    const asked = providerHolds(requestScenario(three.slice(0, 2)));
    expect(askedWhileSearching(asked.referral)).toBe(2);
    const declined = when(asked, (r, k) =>
      declineOffer(r, offerIdOf(asked), { code: 'full', noteId: undefined }, k),
    );
    expect(askedWhileSearching(declined.referral)).toBe(1);
  });

  it('is zero for an unplaced referral', () =>
    expect(askedWhileSearching(requestScenario([]).referral)).toBe(0));

  it('is undefined where the referral has a place', () =>
    expect(askedWhileSearching(awaitingPerson(three).referral)).toBeUndefined());
});

describe('a service that may have become suitable', () => {
  it('is asked for an unplaced referral', () =>
    expect(fits({ ...requestScenario([]), services: three }).types).toContain('ServiceAsked'));

  it('is not asked where as many services are asked as may be at once', () =>
    expect(fits(requestScenario(three)).outcome).toBe('enough-asked'));

  it('is not asked where a place is confirmed, or where it does not suit', () => {
    expect(fits(awaitingPerson(three)).outcome).toBe('not-searching');
    expect(fits(requestScenario([]), 'unknown').outcome).toBe('not-eligible');
  });
});
