import { describe, expect, it } from 'vitest';
import type { ReferralEvent } from './events.ts';
import { afterEachStep } from './history.fixture.ts';
import type { CaseReference } from './need.ts';
import { override } from './override.ts';
import { caseReferences, isOver, type Referral } from './referral.ts';
import { casesToReview, hasReferredTwiceAlert, reviewReferredTwice } from './referred-twice.ts';
import { eventsOf, need, service } from './saga.fixture.ts';
import type { SamePerson } from './same-person.ts';
import {
  alertsOf,
  awaitingPerson,
  memberIdOf,
  minutesPass,
  offerIdOf,
  personAnswers,
  references,
  requestScenario,
  type Scenario,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { serviceChanged, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));

/** A referral under other references, because the fixtures always use the same ones. */
const under = (scenario: Scenario, ...cases: readonly string[]): Scenario => ({
  ...scenario,
  referral: {
    ...scenario.referral,
    party: scenario.referral.party.map((member, nth) => ({
      ...member,
      caseReference: cases[nth] as CaseReference,
    })),
  },
});
const [first = '', second = ''] = references;
const [x, y] = ['00000000-0000-4000-a000-000000000001', '00000000-0000-4000-a000-000000000002'];

/** The vault announced that these references are one person. */
const onePerson = (...cases: readonly string[]): SamePerson =>
  new Map(cases.map((one) => [one, cases as readonly CaseReference[]]));

const reviewed = (
  scenario: Scenario,
  others: readonly Referral[],
  samePerson: SamePerson,
): Scenario => when(scenario, reviewReferredTwice(others, samePerson));
const ended = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
const arrives = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => serviceStarted(r, offerIdOf(scenario), k.now, k));

describe('two live referrals of one person under two references', () => {
  const other = under(requestScenario(shelters), x).referral;

  it('raise an alert that the coordination desk owns, and change nothing else', () => {
    const alerted = reviewed(awaitingPerson(shelters), [other], onePerson(first, x));
    expect(alerted.types).toEqual(['AlertRaised']);
    expect(alerted.referral.alerts).toMatchObject([
      { code: 'person-referred-twice', ownerRole: 'coordinator' },
    ]);
    expect(alerted.referral.alerts[0]?.actBy).toBe(alerted.now + 30 * 60_000);
  });

  it('raise the alert once, however often the vault announces it, and again where it was resolved while both are live', () => {
    const alerted = reviewed(requestScenario(shelters), [other], onePerson(first, x));
    expect(reviewed(alerted, [other], onePerson(first, x)).outcome).toBe('nothing-changes');
    const resolved = { ...alerted, referral: { ...alerted.referral, alerts: [] } };
    expect(alertsOf(reviewed(resolved, [other], onePerson(first, x)))).toEqual([
      'person-referred-twice',
    ]);
  });

  it('raise no alert where they are for two needs, of two people, or where it is the same referral', () => {
    const otherNeed = { ...other, need: { ...need, need: 'legal-aid' } };
    const scenario = requestScenario(shelters);
    expect(reviewed(scenario, [otherNeed], onePerson(first, x)).outcome).toBe('nothing-changes');
    expect(reviewed(scenario, [other], onePerson(first, y)).outcome).toBe('nothing-changes');
    expect(reviewed(scenario, [scenario.referral], onePerson(first, x)).outcome).toBe(
      'nothing-changes',
    );
  });

  it('raise the alert where the person is a member of a party', () => {
    const pair = requestScenario(shelters, { party: ['no', 'no'] });
    expect(alertsOf(reviewed(pair, [other], onePerson(second, x)))).toEqual([
      'person-referred-twice',
    ]);
    const inPair = under(requestScenario(shelters), x);
    expect(alertsOf(reviewed(inPair, [pair.referral], onePerson(second, x)))).toEqual([
      'person-referred-twice',
    ]);
  });
});

it('a party in which two references are one person raises the alert: two beds are sought for one person', () => {
  const pair = requestScenario(shelters, { party: ['no', 'no'] });
  expect(alertsOf(reviewed(pair, [], onePerson(first, second)))).toEqual(['person-referred-twice']);
  expect(reviewed(pair, [], onePerson(second, x)).outcome).toBe('nothing-changes');
});

describe('the alert about a second referral, when the other referral is over', () => {
  const samePerson = onePerson(first, x);
  const other = under(awaitingPerson(shelters), x);
  const alerted = reviewed(awaitingPerson(shelters), [other.referral], samePerson);

  it('is resolved', () => {
    const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;
    for (const over of [ended(other), when(other, (r, k) => override(r, end, k))]) {
      const settled = reviewed(alerted, [over.referral], samePerson);
      expect(settled.types).toEqual(['AlertResolved']);
      expect(alertsOf(settled)).toEqual([]);
    }
  });

  it('stays open while a third referral is live', () => {
    const third = under(requestScenario(shelters), y).referral;
    expect(reviewed(alerted, [ended(other).referral, third], onePerson(first, x, y)).outcome).toBe(
      'nothing-changes',
    );
  });

  it('stays open where the person arrived at the other place: this referral may keep a place that nobody needs', () => {
    const there = arrives(minutesPass(personAnswers(other, true), 1));
    expect(isOver(there.referral)).toBe(true);
    expect(reviewed(alerted, [there.referral], samePerson).outcome).toBe('nothing-changes');
    const gone = when(there, (r, k) => serviceChanged(r, offerIdOf(there), 'moved-on', true, k));
    expect(reviewed(alerted, [gone.referral], samePerson).types).toEqual(['AlertResolved']);
  });

  it('is not raised on a referral that is over itself', () => {
    expect(reviewed(ended(alerted), [other.referral], samePerson).outcome).toBe('already-over');
  });
});

it('hasReferredTwiceAlert is true while that alert is open, whatever other alerts are', () => {
  const unplaced = requestScenario([]);
  expect(hasReferredTwiceAlert(unplaced.referral)).toBe(false);
  const alerted = reviewed(
    unplaced,
    [under(requestScenario(shelters), x).referral],
    onePerson(first, x),
  );
  expect(alertsOf(alerted)).toEqual(['unplaced', 'person-referred-twice']);
  expect(hasReferredTwiceAlert(alerted.referral)).toBe(true);
});

describe('the cases to review', () => {
  const toReview = ({ referral, events }: Scenario): string[] => casesToReview(referral, events);
  const pair = requestScenario(shelters, { party: ['no', 'no'] });
  const unfounded = requestScenario(shelters, {
    urgency: 'urgent',
    known: [{ ...withPermission(), permissions: [] }],
  });
  const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;

  it.each([
    ['is withdrawn', ended(requestScenario(shelters))],
    ['is refused', minutesPass(unfounded, 2)],
    ['is ended by a coordinator', when(requestScenario(shelters), (r, k) => override(r, end, k))],
  ])('are those of the whole party where a referral %s', (_how, over) =>
    expect(toReview(over)).toEqual([first]),
  );

  it('are those of the whole party and of the former member where a member leaves the party', () => {
    const left = when(pair, (r, k) =>
      withdrawReferral(r, { memberId: memberIdOf(pair, 1), code: 'own-wish' }, k),
    );
    expect(toReview(left)).toEqual([second, first]);
  });

  it('are none where a referral begins, continues or ends in an arrival', () => {
    expect(toReview(pair)).toEqual([]);
    expect(toReview(awaitingPerson(shelters))).toEqual([]);
    expect(toReview(arrives(personAnswers(awaitingPerson(shelters), true)))).toEqual([]);
  });
});

it('the review for a second referral withdraws no offer and no place, whatever the stage of the referral', () => {
  const onlyAlerts: readonly ReferralEvent['type'][] = ['AlertRaised', 'AlertResolved'];
  afterEachStep(({ after: referral, knowledge }) => {
    const cases = caseReferences(referral);
    const other: Referral = {
      ...under(requestScenario(shelters), x).referral,
      stage: { name: 'searching' },
    };
    const twice = eventsOf(
      reviewReferredTwice([other], onePerson(...cases.slice(0, 1), x))(referral, knowledge),
    );
    expect(twice.map(({ type }) => type).filter((type) => !onlyAlerts.includes(type))).toEqual([]);
    expect(twice.length).toBe(isOver(referral) ? 0 : 1);
  });
});
