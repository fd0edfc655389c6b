import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { reviewBasis } from './basis.ts';
import { nextDeadline, openDeadlines } from './deadlines.ts';
import { monday, service } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  awaitingPerson,
  minutesPass,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 8 }, () => service('by-offer'));
const nobody = { ...withPermission(), permissions: [] };
const afterVaultEvent = (
  scenario: Scenario,
  ...known: ReturnType<typeof withPermission>[]
): Scenario => when({ ...scenario, bases: asMap(known) }, reviewBasis);

describe('the deadlines of a referral', () => {
  it('a referral without a basis is refused after two minutes', () => {
    const waiting = requestScenario(shelters, { urgency: 'urgent', known: [nobody] });
    expect(waiting.types).toEqual(['ReferralRequested', 'BasisAwaited']);
    expect(minutesPass(waiting, 2).events).toEqual([
      { type: 'ReferralRefused', code: 'basis-missing' },
    ]);
  });

  it('a provider that has not answered a request for a hold in thirty seconds counts as not possible, and the next service is asked', () => {
    const passed = minutesPass(requestScenario(shelters), 0.5);
    expect(passed.events[0]).toMatchObject({ type: 'ServiceNotPossible', code: 'no-answer' });
    expect(passed.types).toContain('ServiceAsked');
  });

  it('an offer is reminded at a third and two thirds, softened at its soft deadline, and closed at its closing deadline', () => {
    const asked = providerHolds(
      requestScenario(shelters, { urgency: 'urgent', known: [withPermission()] }),
    );
    expect(minutesPass(asked, 61).types).toEqual(['OfferReminded']);
    expect(minutesPass(asked, 121).types).toEqual(['OfferReminded', 'OfferReminded']);
    const soft = minutesPass(asked, 180);
    expect(soft.types.slice(2)).toEqual(['OfferSoftened', 'SearchDecided', 'ServiceAsked']);
    expect(soft.referral.offers[0]).toMatchObject({ status: 'softened', hasHold: false });
    expect(minutesPass(soft, 60 * 72).types).toContain('OfferClosed');
  });

  it('with one offer open where two may be, each reminder also asks a service that has become askable', () => {
    const [first, silent] = [service('by-offer'), service('by-offer')];
    const asked = minutesPass(providerHolds(requestScenario([first, silent])), 1);
    expect(statuses(asked)).toEqual(['open', 'not-possible']);
    const reported = {
      ...silent,
      hint: {
        free: 1,
        asOf: after(asked.now, 1),
        increasedAt: undefined,
        increasedByHold: undefined,
      },
    };
    const reminded = minutesPass({ ...asked, services: [first, reported] }, 19);
    expect(reminded.types).toEqual(['OfferReminded', 'SearchDecided', 'ServiceAsked']);
    expect(statuses(reminded)).toEqual(['open', 'not-possible', 'holding']);
  });

  it('an answered offer is never reminded', () => {
    const answered = providerConfirms(providerAccepts(providerHolds(requestScenario(shelters))));
    expect(minutesPass(answered, 50).types).not.toContain('OfferReminded');
  });

  it('a soft deadline at night counts open hours only', () => {
    const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({
      weekday,
      opens: '09:00',
      closes: '11:00',
    }));
    // 09:00 UTC is 10:00 in Vienna: one of the three hours passes today, and two pass tomorrow.
    const office = service('by-offer', {
      nightCover: false,
      openOnHolidays: true,
      openHours: weekdays,
    });
    const asked = providerHolds(
      requestScenario([office], { urgency: 'urgent', known: [withPermission()] }),
    );
    expect(minutesPass(asked, 180).types).not.toContain('OfferSoftened');
    expect(minutesPass(asked, 60 * 25 - 1).types).not.toContain('OfferSoftened');
    expect(minutesPass(asked, 60 * 25).types).toContain('OfferSoftened');
  });

  it('a soft deadline and its reminders do not count a public holiday', () => {
    const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({
      weekday,
      opens: '09:00',
      closes: '11:00',
    }));
    // The day after the first Monday of 2026 is Epiphany.
    const office = service('by-offer', { nightCover: false, openHours: weekdays });
    const asked = providerHolds(
      requestScenario([office], { urgency: 'urgent', known: [withPermission()] }),
    );
    const [offer] = asked.referral.offers;
    expect(
      offer?.reminders.filter((at) => at > monday + 60 * 60_000 && at < monday + 46 * 3_600_000),
    ).toEqual([]);
    expect(minutesPass(asked, 60 * 49 - 1).types).not.toContain('OfferSoftened');
    expect(minutesPass(asked, 60 * 49).types).toContain('OfferSoftened');
  });

  it('a duty that the authority has not acknowledged in thirty minutes raises an alert', () =>
    expect(alertsOf(minutesPass(providerHolds(requestScenario([service('duty')])), 30))).toEqual([
      'duty-not-acknowledged',
    ]));

  it('a missing acknowledgement of a duty raises only one alert', () => {
    const passed = minutesPass(providerHolds(requestScenario([service('duty')])), 30);
    expect(passed.types.filter((type) => type === 'DutyNotAcknowledged')).toHaveLength(1);
  });

  it('a duty that the authority accepted in time raises no alert', () => {
    const accepted = providerConfirms(
      providerAccepts(providerHolds(requestScenario([service('duty')]))),
    );
    expect(alertsOf(minutesPass(accepted, 31))).not.toContain('duty-not-acknowledged');
  });

  it('a confirmation that is not answered in thirty seconds is requested from the service on standby', () =>
    expect(
      minutesPass(
        providerAccepts(
          providerAccepts(providerHolds(providerHolds(requestScenario(shelters)), 1)),
          1,
        ),
        0.5,
      ).types,
    ).toEqual(['UnitLost', 'ConfirmationRequested']));

  it('a person who was not asked in two hours raises an alert, and the place stays confirmed', () => {
    const passed = minutesPass(awaitingPerson(shelters), 120);
    expect(alertsOf(passed)).toContain('person-not-asked');
    expect(statuses(passed)[0]).toBe('confirmed');
  });

  it('an agreed place without an arranged journey in an hour raises an alert', () =>
    expect(alertsOf(minutesPass(personAnswers(awaitingPerson(shelters), true), 60))).toEqual([
      'journey-not-arranged',
    ]));

  it('an unregistered reference raises an alert after a day', () =>
    expect(minutesPass(requestScenario(shelters), 60 * 24).events).toContainEqual(
      expect.objectContaining({
        type: 'AlertRaised',
        code: 'reference-not-registered',
        ownerRole: 'caseworker',
      }),
    ));

  it('a referral has no registration deadline where every reference is registered', () => {
    const { referral } = requestScenario(shelters, {
      urgency: 'urgent',
      known: [withPermission()],
    });
    expect(openDeadlines(referral).map(({ kind }) => kind)).not.toContain('registration');
  });

  it('an unregistered reference raises its alert also after the arrival, and not where the referral ended without a place', () => {
    const there = when(personAnswers(awaitingPerson(shelters), true), (r, k) =>
      serviceStarted(r, r.offers[0]?.offerId ?? '', k.now, k),
    );
    expect(alertsOf(minutesPass(there, 60 * 24))).toEqual(['reference-not-registered']);
    const withdrawn = when(requestScenario(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(nextDeadline(withdrawn.referral)).toBeUndefined();
  });

  it('the alert for an unregistered reference stays open through the arrival, and ends when the vault knows the reference', () => {
    const alerted = minutesPass(requestScenario(shelters), 60 * 24);
    const there = when(providerHolds(alerted, 2), (r, k) =>
      serviceStarted(r, r.offers[2]?.offerId ?? '', k.now, k),
    );
    expect([there.referral.stage.name, alertsOf(there)]).toEqual([
      'started',
      ['reference-not-registered'],
    ]);
    for (const scenario of [alerted, there])
      expect(alertsOf(afterVaultEvent(scenario, withPermission()))).not.toContain(
        'reference-not-registered',
      );
  });

  it('an unplaced referral searches again after a minute, without an alert', () => {
    const unplaced = requestScenario([]);
    const found = minutesPass({ ...unplaced, services: shelters.slice(0, 1) }, 1);
    expect(found.types).toEqual(['WaitExtended', 'SearchDecided', 'ServiceAsked']);
    const acknowledged = { ...unplaced, referral: { ...unplaced.referral, alerts: [] } };
    expect(minutesPass(acknowledged, 1).types).toEqual(['WaitExtended']);
  });

  it('an unplaced referral searches again every six hours, and an alert is raised', () => {
    const unplaced = requestScenario([]);
    expect(unplaced.referral.stage).toMatchObject({
      name: 'unplaced',
      placeOfLastResort: expect.any(String),
    });
    const alone = { ...unplaced, referral: { ...unplaced.referral, alerts: [] } };
    expect(nextDeadline(alone.referral)?.kind).toBe('unplaced-recheck');
    const later = minutesPass(minutesPass(alone, 1), 60 * 6);
    expect(alertsOf(later)).toEqual(['unplaced']);
    expect(minutesPass({ ...minutesPass(alone, 1), services: shelters }, 60 * 6).types).toContain(
      'ServiceAsked',
    );
  });

  it('an overdue alert rises one level, and the time to its next deadline grows with the level', () => {
    const levels = (scenario: Scenario) =>
      scenario.events.filter((event) => event.type === 'AlertOverdue');
    const first = minutesPass(requestScenario([]), 30);
    expect(levels(first)).toMatchObject([{ level: 2, actBy: first.now + 2 * 3_600_000 }]);
    const second = minutesPass(first, 120);
    expect(levels(second)).toMatchObject([{ level: 3, actBy: second.now + 4 * 3_600_000 }]);
  });

  it('at most a hundred overdue deadlines take effect at once, and the others with the next decision', () => {
    const unplaced = requestScenario([]);
    const [alert] = unplaced.referral.alerts;
    if (!alert) throw new Error('an alert');
    const alerts = Array.from({ length: 101 }, (_, nth) => ({
      ...alert,
      alertId: `a${nth}`,
      actBy: monday,
    }));
    const hundred = minutesPass({ ...unplaced, referral: { ...unplaced.referral, alerts } }, 0);
    expect(hundred.types).toEqual(Array.from({ length: 100 }, () => 'AlertOverdue'));
    expect(minutesPass(hundred, 0).events).toMatchObject([
      { type: 'AlertOverdue', alertId: 'a100' },
    ]);
  });

  it('a second offer in seven days that closes without an answer raises an alert about the service', () => {
    const asked = (unansweredLately: number) =>
      providerHolds(requestScenario([service('by-offer', { unansweredLately })]));
    expect(alertsOf(minutesPass(asked(0), 24 * 60))).not.toContain('service-not-answering');
    expect(alertsOf(minutesPass(asked(1), 24 * 60))).toContain('service-not-answering');
  });
});
