import { describe, expect, it } from 'vitest';
import { readProfile } from './answers.ts';
import { vaultSpoke } from './basis.ts';
import { offersReviewed } from './facts.ts';
import { arrived, stayChanged } from './journey.ts';
import type { Need } from './need.ts';
import { override } from './override.ts';
import { amendNeed } from './request.ts';
import { need, service } from './saga.fixture.ts';
import { saidIn } from './said.fixture.ts';
import { serviceSuspended } from './suspension.ts';
import {
  alertsOf,
  arranged,
  asMap,
  awaitingPerson,
  begin,
  held,
  id,
  passes,
  permitted,
  promised,
  references,
  says,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Walk => held(held(begin(four)), 1);
const amends = (walk: Walk, change: Partial<Need>): Walk =>
  when(walk, (r, k) => amendNeed(r, { ...need, ...change }, k));
const suspends = (walk: Walk, nth = 0): Walk => {
  const suspended = walk.referral.offers[nth]?.serviceId ?? '';
  const services = walk.services.filter((one) => one.serviceId !== suspended);
  return when({ ...walk, services }, (r, k) => serviceSuspended(r, suspended, k));
};
const dangerous = (walk: Walk): Walk => amends(walk, { excludedRegions: ['harbour'] });
const reads = (walk: Walk, nth = 0): Walk =>
  when(walk, (r, k) => readProfile(r, id(walk, nth), { person: 'staff', purpose: 'accommodation' }, k));
const heldAfter = (walk: Walk): string[] => saidIn(walk.history).held;

/** Changes after which no asked service is safe, and the rule that says so. */
const changes: [rule: string, change: (walk: Walk) => Walk][] = [
  ['EXCLUDED_AREA', dangerous],
  ['GROUP', (walk) => amends(walk, { group: 'men' })],
];

describe.each(changes)('a change after which %s fails', (rule, change) => {
  it('takes back every open offer and its hold, and says which rule failed', () => {
    const changed = change(asked());
    expect(changed.referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', rule],
      ['withdrawn', rule],
    ]);
    expect(heldAfter(changed)).toEqual([]);
    expect(changed.referral.stage.name).toBe('unplaced');
  });

  it('takes back a hold that was not answered yet, a softened offer and one that stands by', () => {
    expect(statuses(change(begin(four)))).toEqual(['withdrawn', 'withdrawn']);
    expect(statuses(change(passes(asked(), 61))).slice(0, 2)).toEqual(['withdrawn', 'withdrawn']);
    expect(statuses(change(yes(awaitingPerson(four), 1)))).toEqual(['confirmed', 'withdrawn']);
  });

  it('takes back what is being confirmed', () => {
    const changed = change(yes(asked()));
    expect(statuses(changed)).toEqual(['lost', 'withdrawn']);
    expect(heldAfter(changed)).toEqual([]);
  });

  it('leaves nobody who could say yes or read the profile', () => {
    const changed = change(asked());
    expect(yes(changed).no).toBe('offer-withdrawn');
    expect(reads(changed).no).toBe('not-found');
  });

  it.each<[place: string, walk: () => Walk]>([
    ['confirmed', () => awaitingPerson(four)],
    ['agreed', () => says(awaitingPerson(four), true)],
    ['travelled to', () => arranged(says(awaitingPerson(four), true))],
  ])('leaves a place that is %s, and tells the coordinator', (_place, walk) => {
    const before = walk();
    const changed = change(before);
    expect(changed.referral.stage).toEqual(before.referral.stage);
    expect(heldAfter(changed)).toContain(id(before));
    expect(alertsOf(changed)).toContain('place-unsafe');
    expect(reads(changed).no).toBe('not-found');
  });
});

describe('a review of the offers, since one was found that is not safe any more', () => {
  const reviewed = (walk: Walk): Walk => when(walk, offersReviewed);

  it('takes back the unsafe one and asks the next', () => {
    const before = asked();
    const unsafe = before.referral.offers[0]?.serviceId;
    const services = before.services.filter(({ serviceId }) => serviceId !== unsafe);
    const after = reviewed({ ...before, services });
    expect(after.types).toEqual(['OfferWithdrawn', 'SearchDecided', 'ServiceAsked']);
    expect(statuses(after)).toEqual(['withdrawn', 'open', 'holding']);
  });

  it('changes nothing where every offer is safe', () => {
    const after = reviewed(asked());
    expect([after.no, after.types]).toEqual(['nothing-changes', []]);
  });
});

describe('a change after which every safety rule holds', () => {
  const harmless = (walk: Walk): Walk => amends(walk, { languages: ['de'] });

  it('leaves what is being confirmed, and every open offer with its hold', () => {
    expect(statuses(harmless(asked())).slice(0, 2)).toEqual(['open', 'open']);
    const confirming = yes(asked());
    const after = harmless(confirming);
    expect(after.referral.stage.name).toBe('confirming');
    expect(statuses(after)).toEqual(statuses(confirming));
    expect(heldAfter(after)).toEqual(heldAfter(confirming));
  });
});

describe('a change after which the services still suit, but a bed was promised for something else', () => {
  const others: [what: string, change: Partial<Need>][] = [
    ['another group', { group: 'family' }],
    ['more accessibility', { accessibility: ['wheelchair'] }],
  ];

  it.each(others)('tells the coordinator: %s', (_what, change) => {
    for (const before of [yes(asked()), awaitingPerson(four), says(awaitingPerson(four), true)]) {
      const changed = amends(before, change);
      expect(changed.referral.stage).toEqual(before.referral.stage);
      expect(alertsOf(changed)).toEqual(['place-unsafe']);
    }
  });

  it.each(others)('leaves an open offer: its bed is judged again when it is to be confirmed (%s)', (_what, change) => {
    const changed = amends(asked(), change);
    expect(statuses(changed)).toEqual(['open', 'open']);
    expect(alertsOf(changed)).toEqual([]);
  });

  it('tells nobody of a bed that is asked for only after the change, since the first one was lost by it', () => {
    const [here, there] = [service('by-offer'), service('by-offer', { region: 'lakes' })];
    const asking = yes(yes(held(held(begin([here, there])), 1)), 1);
    const changed = amends(asking, { group: 'family', excludedRegions: ['harbour'] });
    expect(changed.referral.stage).toMatchObject({ name: 'confirming', offerId: id(changed, 1) });
    expect(alertsOf(changed)).not.toContain('place-unsafe');
  });

  it('tells nobody of a wish, or where less is needed', () => {
    const wished = amends(awaitingPerson(four), { wishes: { ...need.wishes, regions: ['lakes'] } });
    expect(alertsOf(wished)).toEqual([]);
    const wheelchair = amends(begin(four), { accessibility: ['wheelchair'] });
    expect(alertsOf(amends(promised(yes(held(wheelchair))), {}))).toEqual([]);
  });
});

describe('a member who leaves a child alone', () => {
  it('takes back what was asked of services that are not for a child alone', () => {
    const walk = held(held(begin(four, { party: ['no', 'yes'] })), 1);
    const adult = walk.referral.party[0]?.memberId;
    const left = when(walk, (r, k) => withdrawReferral(r, { memberId: adult, code: 'own-wish' }, k));
    expect(left.referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'AGE'],
      ['withdrawn', 'AGE'],
    ]);
  });
});

describe('a promised place for which a rule fails already', () => {
  const known = [permitted(0), permitted(1)];
  const lost = (): Walk => {
    const place = promised(yes(held(begin(four, { urgency: 'urgent', party: ['no', 'yes'], known }))));
    return when({ ...place, bases: asMap([permitted(0), { ...permitted(1), permissions: [] }]) }, vaultSpoke);
  };

  it('is told of again when the adult leaves a child alone there', () => {
    const left = when(lost(), (r, k) => withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k));
    expect(alertsOf(left)).toEqual(['permission-withdrawn', 'member-left', 'place-unsafe']);
  });

  it('is told of for each rule that fails', () => {
    const ended = lost().services.map((one) => ({ ...one, accreditedUntil: lost().now }));
    const told = when({ ...lost(), services: ended }, (r, k) => serviceSuspended(r, r.offers[0]?.serviceId ?? '', k));
    expect(alertsOf(told)).toEqual(['permission-withdrawn', 'service-suspended']);
  });
});

describe('what ended by time, so that nobody said it', () => {
  const unheard = (walk: Walk): Walk => ({ ...walk, bases: asMap([{ ...permitted(), permissions: [] }]) });
  const open = (): Walk => held(begin(four, { urgency: 'urgent', known: [permitted()] }));

  it('leaves no yes that is confirmed, and no profile that is read', () => {
    expect(yes(unheard(open())).no).toBe('offer-withdrawn');
    expect(reads(unheard(open())).no).toBe('not-found');
  });

  it('takes the offer back with the next deadline', () => {
    const reminded = passes(unheard(open()), 61);
    expect(reminded.referral.offers.map(({ status, code }) => [status, code])).toEqual([['withdrawn', 'BASIS']]);
    expect(heldAfter(reminded)).toEqual([]);
  });

  it('does not let a yes on standby be confirmed: the one after it is', () => {
    const three = Array.from({ length: 3 }, () => service('by-offer'));
    const second = yes(awaitingPerson(three), 1);
    const unaccredited = {
      ...second,
      services: three.filter((one) => one.serviceId !== second.referral.offers[1]?.serviceId),
    };
    const no = says(unaccredited, false);
    expect(statuses(no).slice(0, 2)).toEqual(['person-declined', 'withdrawn']);
    expect(no.types).not.toContain('ConfirmationAsked');
    expect(no.types).toContain('ServiceAsked');
  });
});

describe('a service that is suspended', () => {
  it('gives back what it was asked, and the next one is asked', () => {
    const changed = suspends(asked());
    expect(changed.types).toEqual(['OfferWithdrawn', 'SearchDecided', 'ServiceAsked']);
    expect(changed.referral.offers[0]).toMatchObject({ status: 'withdrawn', code: 'NOT_ACCREDITED' });
  });

  it('is told to a person where somebody lives in it, until their stay has ended', () => {
    const there = when(awaitingPerson(four), (r, k) => arrived(r, r.offers[0]?.offerId ?? '', k.now, k));
    expect(alertsOf(suspends(there))).toEqual(['service-suspended']);
    const ended = when(there, (r, k) => stayChanged(r, id(there), 'moved-on', true, k));
    expect(suspends(ended).no).toBe('nothing-changes');
  });

  it('is told to nobody where the person lives in another, or where the referral ended without a place', () => {
    const there = when(awaitingPerson(four), (r, k) => arrived(r, r.offers[0]?.offerId ?? '', k.now, k));
    expect(suspends(there, 1).no).toBe('nothing-changes');
    const over = when(asked(), (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
    expect(suspends(over).no).toBe('nothing-changes');
  });
});

describe('a permission that covers the confirmed place no more', () => {
  it('is told to the coordinator, and releases nothing', () => {
    const placed = promised(yes(held(begin(four, { urgency: 'urgent', known: [permitted()] }))));
    const [organisationId = ''] = placed.referral.offers.map((offer): string => offer.organisationId);
    const narrowed = permitted().permissions.map((one) => ({
      ...one,
      receivers: { ...one.receivers, excludedOrganisationIds: [organisationId] },
    }));
    const bases = asMap([{ ...permitted(), permissions: narrowed }]);
    const told = when({ ...placed, bases }, vaultSpoke);
    expect(told.types).toEqual(['AlertRaised']);
    expect(alertsOf(told)).toEqual(['permission-withdrawn']);
    expect(references).toContain(told.referral.party[0]?.caseReference);
  });
});

describe('a coordinator', () => {
  const elsewhere = service('by-offer', { region: 'islands' });
  const forMen = service('by-offer', {
    criteria: { ...elsewhere.criteria, groups: ['men'] },
  });
  const forAdults = service('by-offer', { criteria: { ...elsewhere.criteria, childLicence: false } });

  it.each([
    ['excluded-area', elsewhere, ['no'] as const],
    ['group-not-accepted', forMen, ['no'] as const],
    ['no-child-licence', forAdults, ['no', 'yes'] as const],
  ])('cannot ask a service by name where a safety rule says no: %s', (refusal, named, party) => {
    const walk = begin([...four, elsewhere, forMen, forAdults], { party });
    const how = { action: 'ask-service', code: 'local-knowledge', serviceId: named.serviceId } as const;
    expect(when(walk, (r, k) => override(r, how, k)).no).toBe(refusal);
  });
});
