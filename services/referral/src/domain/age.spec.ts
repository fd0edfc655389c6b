import { after, instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageReviewed, applyRecordedAges, treatedAs } from './age.ts';
import { withAge } from './matching/basis.ts';
import { knowledgeAt, monday, service } from './saga.fixture.ts';
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

describe('a person whose age is in dispute', () => {
  const disputed = (scenario: Scenario): Scenario =>
    when(scenario, ageReviewed(references[0] ?? '', { underEighteen: 'unsure', at: scenario.now }));

  it('loses the offers of services that do not accept a disputed age', () => {
    expect(disputed(asked()).referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'AGE'],
      ['withdrawn', 'AGE'],
    ]);
  });

  it('keeps a confirmed place, and one alert for it is raised', () => {
    const alerted = disputed(awaitingPerson(four));
    expect(alertsOf(alerted)).toEqual(['age-changed', 'place-unsafe']);
    expect(alerted.referral.stage.name).toBe('awaiting-person');
    expect(disputed(alerted).outcome).toBe('nothing-changes');
  });

  it('counts as an adult or as a child again as soon as the dispute is settled', () => {
    const settles = (scenario: Scenario, as: 'yes' | 'no'): Scenario =>
      when(
        scenario,
        ageReviewed(references[0] ?? '', { underEighteen: as, at: after(scenario.now, 1) }),
      );
    const treated = (scenario: Scenario) =>
      scenario.referral.party.map(({ underEighteen }) => underEighteen);
    const alerted = disputed(awaitingPerson(four));
    expect(treated(settles(alerted, 'no'))).toEqual(['no']);
    expect(personAnswers(settles(alerted, 'no'), true, 0, false).types).toContain('PersonAgreed');
    expect(treated(settles(alerted, 'yes'))).toEqual(['yes']);
    expect(personAnswers(settles(alerted, 'yes'), true, 0, false).outcome).toBe(
      'child-view-not-heard',
    );
  });

  it('is the only member of the party whose age changes', () => {
    const pair = disputed(requestScenario(four, { party: ['no', 'no'] }));
    expect(pair.referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['unsure', 'no']);
  });
});

describe('an age that the vault recorded before the request', () => {
  const recorded = (nth: number, underEighteen: 'yes' | 'no' | 'unsure') => ({
    ...withPermission(nth),
    age: { underEighteen, at: monday },
  });

  it('is applied before the first service is asked: no service that does not accept an unaccompanied child is asked', () => {
    const { types, referral } = requestScenario(four, { known: [recorded(0, 'yes')] });
    expect(types.slice(0, 3)).toEqual(['ReferralRequested', 'AgeReviewed', 'AlertRaised']);
    expect(referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['yes']);
    expect(referral.offers).toEqual([]);
  });

  it('applies to one member: the other members of the party keep the ages that the request stated', () => {
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

  it('is applied only once', () => {
    const { referral, now, services, bases } = requestScenario(four, {
      known: [recorded(0, 'unsure')],
    });
    expect(applyRecordedAges(referral, { ...knowledgeAt(now, services), bases })).toEqual([]);
  });
});

it('the age that counts depends on the times of records and request alone, not on their order of arrival', () => {
  const age = fc.constantFrom('yes', 'no', 'unsure');
  const records = fc.uniqueArray(
    fc.record({ underEighteen: age, at: fc.integer({ min: -9, max: 9 }) }),
    { minLength: 1, maxLength: 5, selector: ({ at }) => at },
  );
  fc.assert(
    fc.property(
      records,
      age,
      fc.infiniteStream(fc.nat(99)),
      fc.nat(5),
      (given, stated, draws, split) => {
        const recorded = given.map((one) => ({ ...one, at: after(monday, one.at * 60_000) }));
        const newest = recorded.toSorted((one, other) => other.at - one.at)[0];
        // The oracle: the newest record, but a record of full age up to the request yields to what the request states.
        const expected =
          newest === undefined || (newest.underEighteen === 'no' && newest.at <= monday)
            ? stated
            : newest.underEighteen;
        const shuffled = recorded
          .map((one) => ({ one, place: draws.next().value ?? 0 }))
          .toSorted((one, other) => one.place - other.place)
          .map(({ one }) => one);
        // Some come before the request, the others after it, and all of them once more.
        const known = shuffled.slice(0, split).reduce(withAge, withPermission());
        const begun = requestScenario(four, { party: [stated], known: [known] });
        const ended = [...shuffled.slice(split), ...shuffled].reduce(
          (scenario, one) => when(scenario, ageReviewed(references[0] ?? '', one)),
          begun,
        );
        expect(ended.referral.party.map(({ underEighteen }) => underEighteen)).toEqual([expected]);
      },
    ),
  );
});

it('a record of full age removes a doubt only if it was made after the request', () => {
  const at = (milliseconds: number) => ({
    underEighteen: 'no' as const,
    at: instant(milliseconds),
  });
  expect(treatedAs('unsure', instant(5), at(5))).toBe('unsure');
  expect(treatedAs('unsure', instant(5), at(6))).toBe('no');
});
