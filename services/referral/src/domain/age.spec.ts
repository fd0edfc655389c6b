import { describe, expect, it } from 'vitest';
import { ageReviewed, applyRecordedAges } from './age.ts';
import { knowledgeAt, service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  personAnswers,
  providerHolds,
  references,
  requestScenario,
  type Scenario,
  when,
  withPermission,
} from './scenario.fixture.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(four)), 1);

describe('an age that is in dispute', () => {
  const disputed = (scenario: Scenario): Scenario =>
    when(scenario, ageReviewed(references[0] ?? '', 'unsure'));

  it('takes back what was asked of services that are not for a person of disputed age', () => {
    expect(disputed(asked()).referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'AGE'],
      ['withdrawn', 'AGE'],
    ]);
  });

  it('leaves a promised place, and tells a person once', () => {
    const told = disputed(awaitingPerson(four));
    expect(alertsOf(told)).toEqual(['age-changed', 'place-unsafe']);
    expect(told.referral.stage.name).toBe('awaiting-person');
    expect(disputed(told).outcome).toBe('nothing-changes');
  });

  it('is settled: whoever is an adult is treated as one again, and whoever is a child as a child', () => {
    const settles = (scenario: Scenario, as: 'yes' | 'no'): Scenario =>
      when(scenario, ageReviewed(references[0] ?? '', as));
    const treated = (scenario: Scenario) =>
      scenario.referral.party.map(({ underEighteen }) => underEighteen);
    const told = disputed(awaitingPerson(four));
    expect(treated(settles(told, 'no'))).toEqual(['no']);
    expect(personAnswers(settles(told, 'no'), true, 0, false).types).toContain('PersonAgreed');
    expect(treated(settles(told, 'yes'))).toEqual(['yes']);
    expect(personAnswers(settles(told, 'yes'), true, 0, false).outcome).toBe(
      'child-view-not-heard',
    );
  });

  it('changes no member but the one whose age it is', () => {
    const pair = disputed(requestScenario(four, { party: ['no', 'no'] }));
    expect(pair.referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['unsure', 'no']);
  });
});

describe('an age that the vault recorded before the request', () => {
  const recorded = (nth: number, underEighteen: 'yes' | 'no' | 'unsure') => ({
    ...withPermission(nth),
    underEighteen,
  });

  it('is applied before the first service is asked: none is asked that is not for a child', () => {
    const { types, referral } = requestScenario(four, { known: [recorded(0, 'yes')] });
    expect(types.slice(0, 3)).toEqual(['ReferralRequested', 'AgeReviewed', 'AlertRaised']);
    expect(referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['yes']);
    expect(referral.offers).toEqual([]);
  });

  it('is that of one member: the others of the party keep theirs', () => {
    const party = requestScenario(four, {
      party: ['no', 'no', 'unsure'],
      known: [recorded(0, 'no'), recorded(1, 'unsure'), recorded(2, 'no')],
    });
    expect(party.referral.party.map(({ underEighteen }) => underEighteen)).toEqual([
      'no',
      'unsure',
      'unsure',
    ]);
    expect(alertsOf(party)).toContain('age-changed');
  });

  it('changes nothing the second time', () => {
    const { referral, now, services, bases } = requestScenario(four, {
      known: [recorded(0, 'unsure')],
    });
    expect(applyRecordedAges(referral, { ...knowledgeAt(now, services), bases })).toEqual([]);
  });
});
