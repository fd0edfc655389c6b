import { describe, expect, it } from 'vitest';
import { messagesOf } from '../outbound/published.ts';
import { holdNeedsReview } from './offering.ts';
import { mint, service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  journeyArranged,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
} from './scenario.fixture.ts';
import { serviceChanged, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const there = (): Scenario => {
  const onTheWay = journeyArranged(personAnswers(awaitingPerson(shelters), true));
  return when(onTheWay, (r, k) => serviceStarted(r, offerIdOf(onTheWay), k.now, k));
};
const changes = (scenario: Scenario, code: string, ended: boolean, nth = 0): Scenario =>
  when(scenario, (r, k) => serviceChanged(r, offerIdOf(scenario, nth), code, ended, k));
const sent = ({ referral, events }: Scenario): string[] =>
  events
    .flatMap((event) => messagesOf(event, referral))
    .map(({ type }) => type.split('.').at(-1) ?? '');

describe('a stay', () => {
  it('that changes is recorded, and the relation continues', () => {
    const absent = changes(there(), 'absent', false);
    expect(absent.events).toEqual([
      { type: 'ServiceChanged', offerId: offerIdOf(absent), code: 'absent', ended: false },
    ]);
    expect(sent(absent)).toEqual([]);
  });

  it('with a missing person raises an alert at once, which ends when they return', () => {
    const missing = changes(there(), 'missing', false);
    expect(missing.events).toMatchObject([
      { type: 'ServiceChanged', code: 'missing' },
      { type: 'AlertRaised', code: 'person-missing', offerId: offerIdOf(missing) },
    ]);
    expect(changes(missing, 'missing', false).types).toEqual(['ServiceChanged']);
    expect(changes(missing, 'moved', false).types).toEqual(['ServiceChanged']);
    expect(changes(missing, 'returned', false).types).toEqual(['ServiceChanged', 'AlertResolved']);
  });

  it('with a missing person keeps the alert when it ends because they are missing, and for no other reason', () => {
    const missing = changes(there(), 'missing', false);
    expect(alertsOf(changes(missing, 'missing', true))).toEqual(['person-missing']);
    expect(alertsOf(changes(missing, 'moved-on', true))).toEqual([]);
    expect(alertsOf(changes(there(), 'missing', true))).toEqual(['person-missing']);
  });

  it('with a missing person raises an alert also where the referral does not place them', () => {
    const onTheWay = journeyArranged(personAnswers(awaitingPerson(shelters), true));
    const withdrawn = when(onTheWay, (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(withdrawn.referral.stage.name).toBe('withdrawn');
    expect(alertsOf(changes(withdrawn, 'missing', false))).toEqual(['person-missing']);
    expect(alertsOf(changes(there(), 'missing', false, 1))).toEqual(['person-missing']);
    expect(changes(withdrawn, 'moved', false).outcome).toBe('not-the-current-offer');
    const elsewhere = changes(changes(there(), 'missing', false), 'moved-on', true, 1);
    expect(alertsOf(elsewhere)).toEqual(['person-missing']);
  });

  it('with an overdue absence raises an alert, and another one when the person is missing', () => {
    const overdue = changes(there(), 'absence-overdue', false);
    expect(alertsOf(overdue)).toEqual(['absence-overdue']);
    expect(alertsOf(changes(overdue, 'missing', false))).toEqual([
      'absence-overdue',
      'person-missing',
    ]);
    expect(alertsOf(changes(overdue, 'returned', false))).toEqual([]);
  });

  it('with an absence that is longer than planned ends the alert about it, and none about a missing person', () => {
    const overdue = changes(there(), 'absence-overdue', false);
    expect(alertsOf(changes(overdue, 'absent', false))).toEqual([]);
    const missing = changes(overdue, 'missing', false);
    expect(alertsOf(changes(missing, 'absent', false))).toEqual(['person-missing']);
  });

  it('of a party keeps its alerts when somebody returns, or when the stay ends, because somebody else may be missing', () => {
    const one = there();
    const [member] = one.referral.party;
    const party = member ? [member, { ...member, memberId: mint() as typeof member.memberId }] : [];
    const two = { ...one, referral: { ...one.referral, party } };
    const alerted = changes(changes(two, 'absence-overdue', false), 'missing', false);
    for (const [code, ended] of [
      ['returned', false],
      ['absent', false],
      ['moved', false],
      ['moved-on', true],
    ] as const)
      expect(alertsOf(changes(alerted, code, ended))).toEqual([
        'absence-overdue',
        'person-missing',
      ]);
  });

  it('with a missing person raises the level of the alert while nobody acts', () => {
    const missing = changes(there(), 'missing', false);
    const wait = ((missing.referral.alerts[0]?.actBy ?? 0) - missing.now) / 60_000;
    expect(minutesPass(missing, wait).types).toEqual(['AlertOverdue']);
  });

  it('that ends also ends the relation, and never reverts the arrival', () => {
    const ended = changes(there(), 'moved-on', true);
    expect(sent(ended)).toEqual(['RelationEnded']);
    expect(ended.referral.stage.name).toBe('started');
  });

  it('that ends before the arrival is a lost place: the search starts as an emergency, and an alert is raised', () => {
    for (const scenario of [
      awaitingPerson(shelters),
      personAnswers(awaitingPerson(shelters), true),
    ]) {
      const lost = changes(scenario, 'site-closed', true);
      expect(lost.types).toEqual(
        expect.arrayContaining(['UnitLost', 'AlertRaised', 'ServiceAsked']),
      );
      expect(lost.referral).toMatchObject({ stage: { name: 'searching' }, urgency: 'emergency' });
      expect(statuses(lost)[0]).toBe('lost');
      expect(alertsOf(lost)).toEqual(['place-lost']);
    }
  });

  it('that changes before the arrival is ignored', () =>
    expect(changes(personAnswers(awaitingPerson(shelters), true), 'absent', false).outcome).toBe(
      'not-started',
    ));

  it('is changed only by the provider of the place', () => {
    expect(changes(there(), 'moved-on', true, 1).outcome).toBe('not-the-current-offer');
    expect(changes(providerHolds(requestScenario(shelters)), 'moved-on', true).outcome).toBe(
      'not-the-current-offer',
    );
    const gone = when(there(), (r, k) => serviceChanged(r, mint(), 'moved-on', true, k));
    expect(gone.outcome).toBe('not-the-current-offer');
  });
});

describe('two people at one provider who must be kept apart', () => {
  const overlaps = (scenario: Scenario, nth = 0): Scenario =>
    when(scenario, (r, k) => holdNeedsReview(r, offerIdOf(scenario, nth), k));

  it('raise an alert at once, which names the offer and nothing else', () => {
    const alerted = overlaps(there());
    expect(alerted.events).toMatchObject([
      { type: 'AlertRaised', code: 'hold-needs-review', offerId: offerIdOf(alerted) },
    ]);
    expect(alerted.referral.stage.name).toBe('started');
  });

  it('raise one alert while it is open, and another one for another hold', () => {
    const both = providerHolds(providerHolds(requestScenario(shelters)), 1);
    const once = overlaps(both);
    expect(overlaps(once).outcome).toBe('alert-already-open');
    expect(alertsOf(overlaps(once, 1))).toEqual(['hold-needs-review', 'hold-needs-review']);
  });

  it('raise the level of the alert when nobody acts, also after the arrival', () => {
    const [alert] = overlaps(there()).referral.alerts;
    const wait = ((alert?.actBy ?? 0) - there().now) / 60_000;
    expect(minutesPass(overlaps(there()), wait).types).toEqual(['AlertOverdue']);
  });

  it('change no place: a coordinator decides', () => {
    const confirming = providerAccepts(providerHolds(requestScenario(shelters)));
    expect(statuses(overlaps(confirming))).toEqual(statuses(confirming));
  });

  it('raise no alert for a hold of another referral', () =>
    expect(when(requestScenario(shelters), (r, k) => holdNeedsReview(r, mint(), k)).outcome).toBe(
      'unknown-offer',
    ));

  it('raise an alert also where the referral was withdrawn: the other person may still be there', () => {
    const over = when(awaitingPerson(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(alertsOf(overlaps(over))).toEqual(['hold-needs-review']);
  });
});
