import { describe, expect, it } from 'vitest';
import { messagesOf } from '../outbound/published.ts';
import { arrived, stayChanged } from './journey.ts';
import { apartOverlap } from './offering.ts';
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
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const there = (): Scenario => {
  const onTheWay = journeyArranged(personAnswers(awaitingPerson(shelters), true));
  return when(onTheWay, (r, k) => arrived(r, offerIdOf(onTheWay), k.now, k));
};
const changes = (scenario: Scenario, code: string, ended: boolean, nth = 0): Scenario =>
  when(scenario, (r, k) => stayChanged(r, offerIdOf(scenario, nth), code, ended, k));
const sent = ({ referral, events }: Scenario): string[] =>
  events
    .flatMap((event) => messagesOf(event, referral))
    .map(({ type }) => type.split('.').at(-1) ?? '');

describe('a stay', () => {
  it('that changes is recorded, and the relation continues', () => {
    const absent = changes(there(), 'absent', false);
    expect(absent.events).toEqual([
      { type: 'StayChanged', offerId: offerIdOf(absent), code: 'absent', ended: false },
    ]);
    expect(sent(absent)).toEqual([]);
  });

  it('that ends also ends the relation, and never reverts the arrival', () => {
    const ended = changes(there(), 'moved-on', true);
    expect(sent(ended)).toEqual(['RelationEnded']);
    expect(ended.referral.stage.name).toBe('arrived');
  });

  it('that ends before the arrival is a lost place: the search starts as an emergency, and an alert is raised', () => {
    for (const scenario of [
      awaitingPerson(shelters),
      personAnswers(awaitingPerson(shelters), true),
    ]) {
      const lost = changes(scenario, 'site-closed', true);
      expect(lost.types).toEqual(
        expect.arrayContaining(['BedLost', 'AlertRaised', 'ServiceAsked']),
      );
      expect(lost.referral).toMatchObject({ stage: { name: 'searching' }, urgency: 'emergency' });
      expect(statuses(lost)[0]).toBe('lost');
      expect(alertsOf(lost)).toEqual(['place-lost']);
    }
  });

  it('that changes before the arrival is ignored', () =>
    expect(changes(personAnswers(awaitingPerson(shelters), true), 'absent', false).outcome).toBe(
      'not-arrived',
    ));

  it('is changed only by the provider of the place', () => {
    expect(changes(there(), 'moved-on', true, 1).outcome).toBe('not-the-current-offer');
    expect(changes(providerHolds(requestScenario(shelters)), 'moved-on', true).outcome).toBe(
      'not-the-current-offer',
    );
    const gone = when(there(), (r, k) => stayChanged(r, mint(), 'moved-on', true, k));
    expect(gone.outcome).toBe('not-the-current-offer');
  });
});

describe('two people at one provider who must be kept apart', () => {
  const overlaps = (scenario: Scenario, nth = 0): Scenario =>
    when(scenario, (r, k) => apartOverlap(r, offerIdOf(scenario, nth), k));

  it('raise an alert at once, which names the offer and nothing else', () => {
    const alerted = overlaps(there());
    expect(alerted.events).toMatchObject([
      { type: 'AlertRaised', code: 'keep-apart-overlap', offerId: offerIdOf(alerted) },
    ]);
    expect(alerted.referral.stage.name).toBe('arrived');
  });

  it('raise one alert while it is open, and another one for another hold', () => {
    const both = providerHolds(providerHolds(requestScenario(shelters)), 1);
    const once = overlaps(both);
    expect(overlaps(once).outcome).toBe('alert-already-open');
    expect(alertsOf(overlaps(once, 1))).toEqual(['keep-apart-overlap', 'keep-apart-overlap']);
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
    expect(when(requestScenario(shelters), (r, k) => apartOverlap(r, mint(), k)).outcome).toBe(
      'unknown-offer',
    ));

  it('raise an alert also where the referral was withdrawn: the other person may still be there', () => {
    const over = when(awaitingPerson(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(alertsOf(overlaps(over))).toEqual(['keep-apart-overlap']);
  });
});
