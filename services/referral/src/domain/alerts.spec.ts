import { describe, expect, it } from 'vitest';
import { ageWillChange } from './age.ts';
import { acknowledgeAlert, resolveAlert } from './alerts.ts';
import { holdNeedsReview } from './offering.ts';
import { override } from './override.ts';
import { amendNeed } from './request.ts';
import { need, service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  memberIdOf,
  minutesPass,
  offerIdOf,
  personAnswers,
  requestScenario,
  type Scenario,
  when,
} from './scenario.fixture.ts';
import { serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const unplaced = (): Scenario => requestScenario([]);
const alertOf = ({ referral }: Scenario) => referral.alerts[0];
const acknowledged = (scenario: Scenario, role = 'coordinator'): Scenario =>
  when(scenario, (r) => acknowledgeAlert(r, alertOf(scenario)?.alertId ?? '', role));
const resolved = (scenario: Scenario, role = 'coordinator'): Scenario =>
  when(scenario, (r) => resolveAlert(r, alertOf(scenario)?.alertId ?? '', role));
const arrives = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => serviceStarted(r, offerIdOf(scenario), k.now, k));

it('a new alert is not acknowledged, and its owner may acknowledge it', () => {
  expect(alertOf(unplaced())).toMatchObject({ acknowledged: false, level: 1 });
  expect(acknowledged(unplaced()).types).toEqual(['AlertAcknowledged']);
});

describe('an alert that was acknowledged', () => {
  it('stays open and is escalated one level at its deadline', () => {
    const seen = acknowledged(unplaced());
    expect(alertOf(seen)).toMatchObject({ code: 'unplaced', acknowledged: true, level: 1 });
    const again = minutesPass(seen, 30);
    expect(again.types).toContain('AlertOverdue');
    expect(alertOf(again)).toMatchObject({ acknowledged: true, level: 2 });
    expect(acknowledged(seen).outcome).toBe('already-acknowledged');
  });

  it('is not raised a second time while it is open, and is raised again after it was resolved', () => {
    const timesRaised = (scenario: Scenario): number =>
      alertsOf(minutesPass(scenario, 60 * 7)).filter((one) => one === 'unplaced').length;
    expect(timesRaised(minutesPass(acknowledged(unplaced()), 1))).toBe(1);
    const done = minutesPass(resolved(unplaced()), 1);
    expect(alertsOf(done)).toEqual([]);
    expect(timesRaised(done)).toBe(1);
  });

  it('about a member who left a party stays open after its deadline', () => {
    const pair = awaitingPerson(four, { party: ['no', 'no'] });
    const left = when(pair, (r, k) =>
      withdrawReferral(r, { memberId: memberIdOf(pair, 1), code: 'own-wish' }, k),
    );
    expect(alertOf(left)?.ownerRole).toBe('caseworker');
    const seen = acknowledged(left, 'caseworker');
    expect(alertsOf(minutesPass(seen, 60 * 24))).toContain('member-left');
  });
});

describe('one of two alerts', () => {
  const overlaps = (scenario: Scenario, nth: number): Scenario =>
    when(scenario, (r, k) => holdNeedsReview(r, offerIdOf(scenario, nth), k));
  const both = overlaps(overlaps(awaitingPerson(four), 0), 1);
  const [one, other] = both.referral.alerts.map(({ alertId }) => alertId);
  const acknowledges = (scenario: Scenario, alertId = ''): Scenario =>
    when(scenario, (r) => acknowledgeAlert(r, alertId, alertOf(scenario)?.ownerRole));

  it('is acknowledged without the other', () => {
    expect(acknowledges(acknowledges(both, one), other).types).toEqual(['AlertAcknowledged']);
    expect(
      acknowledges(both, other).referral.alerts.map(({ acknowledged }) => acknowledged),
    ).toEqual([false, true]);
  });

  it('is resolved without the other', () => {
    const left = when(both, (r) => resolveAlert(r, one ?? '', alertOf(both)?.ownerRole));
    expect(left.referral.alerts).toMatchObject([{ alertId: other }]);
  });
});

describe('the owner of an alert', () => {
  it('is the only role that may acknowledge or resolve it', () => {
    expect(acknowledged(unplaced(), 'caseworker').outcome).toBe('desk-not-held');
    expect(resolved(unplaced(), 'responder').outcome).toBe('desk-not-held');
    expect(resolved(resolved(unplaced())).outcome).toBe('already-resolved');
  });

  it('may be a first responder where the role of the owner is the caseworker', () => {
    const late = minutesPass(awaitingPerson(four), 120);
    expect(alertOf(late)).toMatchObject({ code: 'person-not-asked', ownerRole: 'caseworker' });
    expect(resolved(late, 'responder').types).toEqual(['AlertResolved']);
    expect(resolved(late, 'coordinator').outcome).toBe('desk-not-held');
  });
});

describe("a change of what is known of a person's age", () => {
  const changes = (scenario: Scenario): Scenario => when(scenario, ageWillChange);

  it('raises an alert while a place is sought, and at the place where the person has arrived', () => {
    expect(alertsOf(changes(requestScenario(four)))).toEqual(['age-changed']);
    const there = changes(arrives(awaitingPerson(four)));
    expect(there.types).toEqual(['AlertRaised']);
    expect(alertsOf(there)).toEqual(['age-changed']);
  });

  it('keeps its alert after the arrival, and its alert ends where the referral ends without a place', () => {
    const changed = changes(awaitingPerson(four));
    expect(alertsOf(arrives(changed))).toEqual(['age-changed']);
    const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;
    expect(alertsOf(when(changed, (r, k) => override(r, end, k)))).toEqual([]);
  });

  it('raises no alert where the referral is over without a place', () => {
    const over = when(requestScenario(four), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(changes(over).outcome).toBe('already-over');
  });
});

describe('the end of a referral', () => {
  it('resolves every open alert, acknowledged or not', () => {
    const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;
    for (const scenario of [unplaced(), acknowledged(unplaced())])
      expect(alertsOf(when(scenario, (r, k) => override(r, end, k)))).toEqual([]);
    expect(alertsOf(arrives(minutesPass(personAnswers(awaitingPerson(four), true), 60)))).toEqual(
      [],
    );
  });

  it('keeps an alert about a danger of the place where the person arrived, and of no other place', () => {
    const overlaps = (scenario: Scenario, nth: number): Scenario =>
      when(scenario, (r, k) => holdNeedsReview(r, offerIdOf(scenario, nth), k));
    expect(alertsOf(arrives(overlaps(awaitingPerson(four), 0)))).toEqual(['hold-needs-review']);
    expect(alertsOf(arrives(overlaps(awaitingPerson(four), 1)))).toEqual([]);
    const dangerous = when(awaitingPerson(four), (r, k) =>
      amendNeed(r, { ...need, excludedRegions: ['harbour'] }, k),
    );
    expect(alertsOf(arrives(dangerous))).toEqual(['place-unsafe']);
  });
});
