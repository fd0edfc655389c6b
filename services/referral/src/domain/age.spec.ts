import { after, hours, instant, minutes } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRecordedAges, treatedAs } from './age.ts';
import { resolveAlert } from './alerts.ts';
import { reviewBasis } from './basis.ts';
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
  vaultRecordsAge,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { serviceChanged, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(four)), 1);

describe('a person whose age is in dispute', () => {
  const disputed = (scenario: Scenario): Scenario => vaultRecordsAge(scenario, 'unsure');

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
      vaultRecordsAge(scenario, as, after(scenario.now, 1));
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

  it('has an alert for a place that does not suit, also where the basis was lost before', () => {
    const bases = new Map([[references[0] as string, { ...withPermission(), permissions: [] }]]);
    const lost = when({ ...awaitingPerson(four), bases }, reviewBasis);
    expect(lost.referral.basis).toBeUndefined();
    expect(alertsOf(disputed(lost))).toEqual(['basis-lost', 'age-changed', 'place-unsafe']);
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
          (scenario, one) => vaultRecordsAge(scenario, one.underEighteen, one.at),
          begun,
        );
        expect(ended.referral.party.map(({ underEighteen }) => underEighteen)).toEqual([expected]);
      },
    ),
  );
});

describe('a record of full age', () => {
  const recorded = (milliseconds: number) => ({
    age: { underEighteen: 'no' as const, at: instant(milliseconds) },
  });

  it('removes a doubt only if it was made after the request, by more than two clocks may differ', () => {
    expect(treatedAs('unsure', instant(5), recorded(5))).toBe('unsure');
    expect(treatedAs('unsure', instant(5), recorded(5_005))).toBe('unsure');
    expect(treatedAs('unsure', instant(5), recorded(5_006))).toBe('no');
  });

  it('removes a doubt when the same age is recorded again after the request', () => {
    const doubted = requestScenario(four, {
      party: ['unsure'],
      known: [{ ...withPermission(), age: { underEighteen: 'no', at: monday } }],
    });
    const again = vaultRecordsAge(doubted, 'no', after(monday, minutes(1)));
    expect(again.referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['no']);
    expect(again.referral.offers).toHaveLength(2);
  });
});

it('a person counts as a child while a message of the vault about them is unread, whatever the request and the vault stated', () => {
  const all = ['yes', 'no', 'unsure'] as const;
  for (const stated of all)
    for (const underEighteen of [...all, undefined])
      expect(
        treatedAs(stated, monday, {
          isAgeUnread: true,
          ...(underEighteen && { age: { underEighteen, at: after(monday, hours(1)) } }),
        }),
      ).not.toBe('no');
});

describe('the alert about a changed age', () => {
  const ages = (scenario: Scenario) => alertsOf(scenario).filter((code) => code === 'age-changed');

  it('is raised only where the person is treated differently: not by a newer record of the same age', () => {
    for (const age of ['yes', 'no', 'unsure'] as const) {
      const once = vaultRecordsAge(asked(), age);
      const resolved = when(once, (referral) => {
        const [alert] = referral.alerts.filter(({ code }) => code === 'age-changed');
        return resolveAlert(referral, alert?.alertId ?? '', alert?.ownerRole);
      });
      expect(ages(resolved)).toEqual([]);
      expect(ages(vaultRecordsAge(resolved, age, after(monday, hours(1))))).toEqual([]);
    }
  });

  it('is raised at the place where the person stays, and not after the end of the stay', () => {
    const placed = awaitingPerson(four);
    const stays = when(placed, (r, k) => serviceStarted(r, r.offers[0]?.offerId ?? '', monday, k));
    expect(ages(vaultRecordsAge(stays, 'yes'))).toEqual(['age-changed']);
    const offerId = stays.referral.offers[0]?.offerId ?? '';
    const left = when(stays, (r, k) => serviceChanged(r, offerId, 'moved-on', true, k));
    expect(ages(vaultRecordsAge(left, 'yes'))).toEqual([]);
  });

  it('is raised where the person arrived after the referral had ended, until the desk has decided about that arrival', () => {
    const placed = awaitingPerson(four);
    const over = when(placed, (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(ages(vaultRecordsAge(over, 'yes'))).toEqual([]);
    const offerId = placed.referral.offers[0]?.offerId ?? '';
    const there = when(over, (r, k) => serviceStarted(r, offerId, k.now, k));
    expect(ages(vaultRecordsAge(there, 'yes'))).toEqual(['age-changed']);
  });
});
