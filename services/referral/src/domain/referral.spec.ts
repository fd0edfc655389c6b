import { expect, it } from 'vitest';
import { evolve, stateName } from './referral.ts';
import { service } from './saga.fixture.ts';
import { awaitingPerson, providerHolds, requestScenario } from './scenario.fixture.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));

it('an event before the referral was requested throws an error that names the event', () =>
  expect(() => evolve(undefined, { type: 'ReferenceRegistered' })).toThrow(
    'ReferenceRegistered before ReferralRequested',
  ));

it('a referral has the state `offered` from the first open offer until a place is confirmed', () => {
  expect(stateName(requestScenario(shelters).referral)).toBe('searching');
  expect(stateName(providerHolds(requestScenario(shelters)).referral)).toBe('offered');
  expect(stateName(awaitingPerson(shelters).referral)).toBe('awaiting-person');
});
