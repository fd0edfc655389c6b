import { after, hours } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { recordCollected } from './journey.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  journeyArranged,
  memberIdOf,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
} from './scenario.fixture.ts';
import { didNotStart, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 6 }, () => service('by-offer'));
const withdraws = (scenario: Scenario, member?: string): Scenario =>
  when(scenario, (r, k) => withdrawReferral(r, { memberId: member, code: 'own-wish' }, k));

describe("the person's answer", () => {
  it('is requested while other offers stay open; they are withdrawn when the person agrees', () => {
    const waiting = awaitingPerson(shelters);
    expect(statuses(waiting)).toEqual(['confirmed', 'open']);
    const agreed = personAnswers(waiting, true);
    expect(agreed.types).toEqual(['MemberAgreed', 'PersonAgreed', 'OfferWithdrawn']);
    expect(agreed.referral.stage.name).toBe('agreed');
  });

  it('that agrees leaves an offer that had ended unchanged', () => {
    const asked = providerHolds(providerHolds(requestScenario(shelters)), 1);
    const declined = when(asked, (r, k) =>
      declineOffer(r, offerIdOf(asked, 1), { code: 'full', noteId: undefined }, k),
    );
    const agreed = personAnswers(providerConfirms(providerAccepts(declined)), true);
    expect(statuses(agreed).slice(0, 2)).toEqual(['confirmed', 'declined']);
  });

  it('that declines continues the search elsewhere, or confirms the service on standby', () => {
    const no = personAnswers(awaitingPerson(shelters), false);
    expect(no.types).toEqual(['PersonDeclined', 'SearchDecided', 'ServiceAsked']);
    expect(no.referral.offers[0]?.hasHold).toBe(false);
    const onStandby = personAnswers(providerAccepts(awaitingPerson(shelters), 1), false);
    expect(onStandby.types).toEqual(['PersonDeclined', 'ConfirmationRequested']);
  });

  it('is accepted for the confirmed place only, and once', () => {
    expect(personAnswers(providerHolds(requestScenario(shelters)), true).outcome).toBe(
      'not-awaiting-the-person',
    );
    expect(personAnswers(awaitingPerson(shelters), true, 0, true, 1).outcome).toBe(
      'not-the-confirmed-offer',
    );
    const pair = awaitingPerson(shelters, { party: ['no', 'no'] });
    expect(personAnswers(personAnswers(pair, true), true).outcome).toBe('already-agreed');
    expect(personAnswers(pair, true, 2).outcome).toBe('not-found');
  });

  it('needs the view of a member who is or may be a child', () => {
    const family = awaitingPerson(shelters, { party: ['no', 'unsure'] });
    expect(personAnswers(family, true, 1, false).outcome).toBe('child-view-not-heard');
    expect(personAnswers(family, true, 1, true).types).toEqual(['MemberAgreed']);
    expect(personAnswers(family, true, 0, false).types).toEqual(['MemberAgreed']);
  });

  it('that declines for one member of a party raises an alert, and the others are asked again', () => {
    const one = personAnswers(awaitingPerson(shelters, { party: ['no', 'no', 'no'] }), true);
    const left = personAnswers(one, false, 1);
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised', 'WaitExtended']);
    expect(left.referral.stage).toMatchObject({ name: 'awaiting-person', agreedMembers: [] });
    expect(personAnswers(personAnswers(left, true, 0), true, 1).types).toContain('PersonAgreed');
  });
});

describe('the withdrawal of a referral', () => {
  it('releases everything held, at any stage before the arrival', () => {
    for (const scenario of [
      requestScenario(shelters),
      awaitingPerson(shelters),
      journeyArranged(personAnswers(awaitingPerson(shelters), true)),
    ]) {
      const over = withdraws(scenario);
      expect(over.referral.stage.name).toBe('withdrawn');
      expect(over.referral.offers.filter((offer) => offer.hasHold)).toEqual([]);
    }
  });

  it('by one member of a party leaves the referral to the others', () => {
    const pair = awaitingPerson(shelters, { party: ['no', 'no'] });
    const left = withdraws(pair, memberIdOf(pair));
    expect(left.types).toContain('MemberLeft');
    expect(left.referral.stage.name).toBe('awaiting-person');
  });

  it('by a person who is alone in it ends it, also where they are named', () => {
    const alone = requestScenario(shelters);
    expect(withdraws(alone, memberIdOf(alone)).referral.stage.name).toBe('withdrawn');
  });

  it('is refused after the end, and for an unknown member', () => {
    expect(withdraws(withdraws(requestScenario(shelters))).outcome).toBe('already-over');
    expect(withdraws(requestScenario(shelters), 'nobody').outcome).toBe('not-found');
  });
});

describe('the journey', () => {
  const onTheWay = journeyArranged(personAnswers(awaitingPerson(shelters), true));

  it('must have times in the future, in order, and not too far ahead', () => {
    const placed = personAnswers(awaitingPerson(shelters), true);
    expect(journeyArranged(placed, -61).outcome).toBe('collect-in-the-past');
    expect(journeyArranged(placed, 30, 20).outcome).toBe('arrive-before-collect');
    expect(journeyArranged(placed, 30, 60 * 24 * 30 + 1).outcome).toBe('too-far-ahead');
    expect(journeyArranged(placed, 30, 60 * 24 * 30).types).toEqual(['JourneyArranged']);
    expect(journeyArranged(awaitingPerson(shelters)).outcome).toBe('not-placed');
    expect(journeyArranged(placed, -60).types).toEqual(['JourneyArranged']);
    expect(journeyArranged(placed, 30, 30).types).toEqual(['JourneyArranged']);
  });

  it('cannot fail before the person agreed, nor after the arrival', () => {
    const waiting = awaitingPerson(shelters);
    const misses = (scenario: Scenario): Scenario =>
      when(scenario, (r, k) => didNotStart(r, offerIdOf(scenario), '', k));
    expect(misses(waiting).outcome).toBe('not-expected');
    const there = when(onTheWay, (r, k) => serviceStarted(r, offerIdOf(onTheWay), k.now, k));
    expect(misses(there).outcome).toBe('not-expected');
  });

  it('can be collected only after it is arranged, and may be arranged again', () => {
    expect(when(personAnswers(awaitingPerson(shelters), true), recordCollected).outcome).toBe(
      'no-journey',
    );
    expect(journeyArranged(onTheWay, 40, 100).types).toEqual(['JourneyArranged']);
  });

  it('can fail without being arranged, when the shelter reports that the person did not arrive', () => {
    const placed = personAnswers(awaitingPerson(shelters), true);
    expect(alertsOf(when(placed, (r, k) => didNotStart(r, offerIdOf(placed), '', k)))).toEqual([
      'did-not-arrive',
    ]);
  });

  it('raises an alert an hour after its time, where the person was not collected', () => {
    expect(minutesPass(onTheWay, 89).outcome).toBe('nothing-due');
    const missed = minutesPass(onTheWay, 90);
    expect(alertsOf(missed)).toEqual(['not-collected']);
    expect(missed.referral.offers[0]?.hasHold).toBe(true);
  });

  it('raises an alert where it does not end in an arrival', () => {
    const collected = when(onTheWay, recordCollected, 30);
    expect(when(collected, recordCollected).outcome).toBe('already-collected');
    expect(alertsOf(minutesPass(collected, 120))).toEqual(['did-not-arrive']);
  });

  it('fails only by a report of the provider of the place', () => {
    expect(when(onTheWay, (r, k) => didNotStart(r, offerIdOf(onTheWay, 1), '', k)).outcome).toBe(
      'not-the-current-offer',
    );
    expect(alertsOf(when(onTheWay, (r, k) => didNotStart(r, offerIdOf(onTheWay), '', k)))).toEqual([
      'did-not-arrive',
    ]);
  });

  it('that failed keeps its bed twelve hours for another attempt, and then releases it', () => {
    const failed = when(onTheWay, (r, k) => didNotStart(r, offerIdOf(onTheWay), '', k));
    expect(journeyArranged(failed).types).toEqual(['JourneyArranged']);
    const later = minutesPass(failed, 12 * 60);
    expect(later.types).toContain('UnitReleased');
    expect(later.referral.offers[0]).toMatchObject({ status: 'lost', code: 'did-not-arrive' });
    expect(later.referral.offers.filter((offer) => offer.hasHold)).toEqual([]);
    expect(journeyArranged(later).outcome).toBe('unit-released');
    expect(later.referral.stage).toMatchObject({ until: after(later.now, hours(12)) });
  });
});
