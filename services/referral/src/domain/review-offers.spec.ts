import { describe, expect, it } from 'vitest';
import { readProfile } from './answers.ts';
import { reviewBasis } from './basis.ts';
import type { Need } from './need.ts';
import { amendNeed } from './request.ts';
import { reviewOffers } from './review-offers.ts';
import { need, service } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  awaitingPerson,
  journeyArranged,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  references,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { messagesSentIn } from './sent-messages.fixture.ts';
import { serviceSuspended } from './suspension.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(four)), 1);
const amends = (scenario: Scenario, change: Partial<Need>): Scenario =>
  when(scenario, (r, k) => amendNeed(r, { ...need, ...change }, k));
const dangerous = (scenario: Scenario): Scenario =>
  amends(scenario, { excludedRegions: ['harbour'] });
const reads = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) =>
    readProfile(r, offerIdOf(scenario, nth), { person: 'staff', purpose: 'accommodation' }, k),
  );
const heldHolds = (scenario: Scenario): string[] => messagesSentIn(scenario.history).held;

/** Changes after which no asked service is safe, and the rule that fails. */
const changes: [rule: string, change: (scenario: Scenario) => Scenario][] = [
  ['EXCLUDED_AREA', dangerous],
  ['GROUP', (scenario) => amends(scenario, { group: 'men' })],
];

describe.each(changes)('a change after which %s fails', (rule, change) => {
  it('withdraws every open offer and its hold, and records which rule failed', () => {
    const changed = change(asked());
    expect(changed.referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', rule],
      ['withdrawn', rule],
    ]);
    expect(heldHolds(changed)).toEqual([]);
    expect(changed.referral.stage.name).toBe('unplaced');
  });

  it('withdraws a hold that was not answered yet, a softened offer and one on standby', () => {
    expect(statuses(change(requestScenario(four)))).toEqual(['withdrawn', 'withdrawn']);
    expect(statuses(change(minutesPass(asked(), 61))).slice(0, 2)).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
    expect(statuses(change(providerAccepts(awaitingPerson(four), 1)))).toEqual([
      'confirmed',
      'withdrawn',
    ]);
  });

  it('withdraws the offer that is being confirmed', () => {
    const changed = change(providerAccepts(asked()));
    expect(statuses(changed)).toEqual(['lost', 'withdrawn']);
    expect(heldHolds(changed)).toEqual([]);
  });

  it('lets no service accept or read the profile', () => {
    const changed = change(asked());
    expect(providerAccepts(changed).outcome).toBe('offer-withdrawn');
    expect(reads(changed).outcome).toBe('not-found');
  });

  it.each<[place: string, begin: () => Scenario]>([
    ['confirmed', () => awaitingPerson(four)],
    ['agreed', () => personAnswers(awaitingPerson(four), true)],
    ['travelled to', () => journeyArranged(personAnswers(awaitingPerson(four), true))],
  ])('keeps a place that is %s, and raises an alert', (_place, scenario) => {
    const before = scenario();
    const changed = change(before);
    expect(changed.referral.stage).toEqual(before.referral.stage);
    expect(heldHolds(changed)).toContain(offerIdOf(before));
    expect(alertsOf(changed)).toContain('place-unsafe');
    expect(reads(changed).outcome).toBe('not-found');
  });
});

describe('a review of the offers after an unsafe one was found', () => {
  const reviewed = (scenario: Scenario): Scenario => when(scenario, reviewOffers);

  it('withdraws the unsafe offer and asks the next service', () => {
    const before = asked();
    const unsafe = before.referral.offers[0]?.serviceId;
    const services = before.services.filter(({ serviceId }) => serviceId !== unsafe);
    const after = reviewed({ ...before, services });
    expect(after.types).toEqual(['OfferWithdrawn', 'SearchDecided', 'ServiceAsked']);
    expect(statuses(after)).toEqual(['withdrawn', 'open', 'holding']);
  });

  it('changes nothing where every offer is safe', () => {
    const after = reviewed(asked());
    expect([after.outcome, after.types]).toEqual(['nothing-changes', []]);
  });
});

describe('a change after which every safety rule holds', () => {
  const harmless = (scenario: Scenario): Scenario => amends(scenario, { languages: ['de'] });

  it('keeps the offer that is being confirmed, and every open offer with its hold', () => {
    expect(statuses(harmless(asked())).slice(0, 2)).toEqual(['open', 'open']);
    const confirming = providerAccepts(asked());
    const after = harmless(confirming);
    expect(after.referral.stage.name).toBe('confirming');
    expect(statuses(after)).toEqual(statuses(confirming));
    expect(heldHolds(after)).toEqual(heldHolds(confirming));
  });
});

describe('a change after which the service suits, but its confirmed unit may not', () => {
  const others: [what: string, change: Partial<Need>][] = [
    ['another group', { group: 'family' }],
    ['more accessibility', { accessibility: ['wheelchair'] }],
  ];

  it.each(others)('raises an alert: %s', (_what, change) => {
    for (const before of [
      providerAccepts(asked()),
      awaitingPerson(four),
      personAnswers(awaitingPerson(four), true),
    ]) {
      const changed = amends(before, change);
      expect(changed.referral.stage).toEqual(before.referral.stage);
      expect(alertsOf(changed)).toEqual(['place-unsafe']);
    }
  });

  it.each(others)(
    'keeps an open offer: its bed is checked again when it is confirmed (%s)',
    (_what, change) => {
      const changed = amends(asked(), change);
      expect(statuses(changed)).toEqual(['open', 'open']);
      expect(alertsOf(changed)).toEqual([]);
    },
  );

  it('raises no alert for a bed that is requested only after the change', () => {
    const [here, there] = [service('by-offer'), service('by-offer', { region: 'lakes' })];
    const asking = providerAccepts(
      providerAccepts(providerHolds(providerHolds(requestScenario([here, there])), 1)),
      1,
    );
    const changed = amends(asking, { group: 'family', excludedRegions: ['harbour'] });
    expect(changed.referral.stage).toMatchObject({
      name: 'confirming',
      offerId: offerIdOf(changed, 1),
    });
    expect(alertsOf(changed)).not.toContain('place-unsafe');
  });

  it('raises no alert for a wish, or where less is needed', () => {
    const wished = amends(awaitingPerson(four), { wishes: { ...need.wishes, regions: ['lakes'] } });
    expect(alertsOf(wished)).toEqual([]);
    const wheelchair = amends(requestScenario(four), { accessibility: ['wheelchair'] });
    expect(
      alertsOf(amends(providerConfirms(providerAccepts(providerHolds(wheelchair))), {})),
    ).toEqual([]);
  });
});

describe('a member who leaves a child alone in the party', () => {
  it('makes the referral lose the offers of services that do not accept an unaccompanied child', () => {
    const scenario = providerHolds(
      providerHolds(requestScenario(four, { party: ['no', 'yes'] })),
      1,
    );
    const adult = scenario.referral.party[0]?.memberId;
    const left = when(scenario, (r, k) =>
      withdrawReferral(r, { memberId: adult, code: 'own-wish' }, k),
    );
    expect(left.referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'AGE'],
      ['withdrawn', 'AGE'],
    ]);
  });
});

describe('a confirmed place for which a safety rule fails already', () => {
  const known = [withPermission(0), withPermission(1)];
  const lost = (): Scenario => {
    const place = providerConfirms(
      providerAccepts(
        providerHolds(requestScenario(four, { urgency: 'urgent', party: ['no', 'yes'], known })),
      ),
    );
    return when(
      { ...place, bases: asMap([withPermission(0), { ...withPermission(1), permissions: [] }]) },
      reviewBasis,
    );
  };

  it('raises a further alert when the adult leaves a child there alone', () => {
    const left = when(lost(), (r, k) =>
      withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k),
    );
    expect(alertsOf(left)).toEqual(['basis-lost', 'member-left', 'place-unsafe']);
  });

  it('raises an alert for each rule that fails', () => {
    const ended = lost().services.map((one) => ({ ...one, accreditedUntil: lost().now }));
    const suspended = when({ ...lost(), services: ended }, (r, k) =>
      serviceSuspended(r, r.offers[0]?.serviceId ?? '', k),
    );
    expect(alertsOf(suspended)).toEqual(['basis-lost', 'service-suspended']);
  });
});

describe('a permission or accreditation that ended by time, without an event', () => {
  const withUnreportedBasis = (scenario: Scenario): Scenario => ({
    ...scenario,
    bases: asMap([{ ...withPermission(), permissions: [] }]),
  });
  const open = (): Scenario =>
    providerHolds(requestScenario(four, { urgency: 'urgent', known: [withPermission()] }));

  it('refuses an acceptance and a read of the profile', () => {
    expect(providerAccepts(withUnreportedBasis(open())).outcome).toBe('offer-withdrawn');
    expect(reads(withUnreportedBasis(open())).outcome).toBe('not-found');
  });

  it('withdraws the offer at the next deadline', () => {
    const reminded = minutesPass(withUnreportedBasis(open()), 61);
    expect(reminded.referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'BASIS'],
    ]);
    expect(heldHolds(reminded)).toEqual([]);
  });

  it('withdraws an offer on standby instead of confirming it, and the next service is asked', () => {
    const three = Array.from({ length: 3 }, () => service('by-offer'));
    const second = providerAccepts(awaitingPerson(three), 1);
    const unaccredited = {
      ...second,
      services: three.filter((one) => one.serviceId !== second.referral.offers[1]?.serviceId),
    };
    const no = personAnswers(unaccredited, false);
    expect(statuses(no).slice(0, 2)).toEqual(['person-declined', 'withdrawn']);
    expect(no.types).not.toContain('ConfirmationRequested');
    expect(no.types).toContain('ServiceAsked');
  });
});

describe('a permission that no longer covers the confirmed place', () => {
  it('raises an alert, and releases nothing', () => {
    const placed = providerConfirms(
      providerAccepts(
        providerHolds(requestScenario(four, { urgency: 'urgent', known: [withPermission()] })),
      ),
    );
    const [organisationId = ''] = placed.referral.offers.map(
      (offer): string => offer.organisationId,
    );
    const narrowed = withPermission().permissions.map((one) => ({
      ...one,
      receivers: { ...one.receivers, excludedOrganisationIds: [organisationId] },
    }));
    const bases = asMap([{ ...withPermission(), permissions: narrowed }]);
    const narrow = when({ ...placed, bases }, reviewBasis);
    expect(narrow.types).toEqual(['AlertRaised']);
    expect(alertsOf(narrow)).toEqual(['basis-lost']);
    expect(references).toContain(narrow.referral.party[0]?.caseReference);
  });
});
