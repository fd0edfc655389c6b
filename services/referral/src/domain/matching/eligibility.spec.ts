import { after, hours, instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import type { Need } from '../need.ts';
import type { Referral } from '../referral.ts';
import { knowledgeAt, monday, pack, requested, service, stateAfter } from '../saga.fixture.ts';
import { requestScenario, withPermission } from '../scenario.fixture.ts';
import { rank, search } from '../search.ts';
import type { RuleCode } from './candidate.ts';
import { judge } from './eligibility.ts';
import type { Service } from './service.ts';

const plain = stateAfter(requested(knowledgeAt(monday, [])));
const referralWith = (change: Partial<Referral> = {}, need: Partial<Need> = {}): Referral => ({
  ...plain,
  ...change,
  need: { ...plain.need, ...need },
});
const failedBy = (referral: Referral, one: Service, now = monday): RuleCode[] =>
  judge({ referral, bases: new Map(), pack, now }, one).failed;

const withCriteria = (change: Partial<Service['criteria']>): Service => {
  const one = service('by-offer');
  return { ...one, criteria: { ...one.criteria, ...change } };
};
const [woman] = plain.party;
const child = { ...plain.party[0], underEighteen: 'yes' } as Referral['party'][number];
const maybe = { ...child, underEighteen: 'unsure' } as Referral['party'][number];
const three = Array.from({ length: 3 }, () => woman as Referral['party'][number]);

describe('a hard rule', () => {
  it('holds for a service that suits', () =>
    expect(failedBy(referralWith(), service('by-offer'))).toEqual([]));

  it('holds for a service for one person, where the person is alone', () =>
    expect(failedBy(referralWith(), withCriteria({ largestParty: 1 }))).toEqual([]));

  it.each<[RuleCode, Referral, Service]>([
    ['GROUP', referralWith({}, { group: 'men' }), service('by-offer')],
    ['AGE', referralWith({ party: [child] }), service('by-offer')],
    ['AGE', referralWith({ party: [maybe] }), withCriteria({ groups: ['women', 'child'] })],
    [
      'CHILD_LICENCE',
      referralWith({ party: [woman as never, child] }),
      withCriteria({ childLicence: false }),
    ],
    ['SIZE', referralWith({ party: three }), withCriteria({ largestParty: 2 })],
    ['TOGETHER', referralWith({ party: three }), withCriteria({ largestParty: 1 })],
    ['ACCESSIBILITY', referralWith({}, { accessibility: ['wheelchair'] }), service('by-offer')],
    ['SERVICE_MISSING', referralWith({}, { need: 'legal-aid' }), service('by-offer')],
    ['SERVICE_MISSING', referralWith({}, { care: ['medication'] }), service('by-offer')],
    [
      'SERVICE_MISSING',
      referralWith({}, { risks: ['violence'] }),
      withCriteria({ risksNotAccepted: ['violence'] }),
    ],
    ['EXCLUDED_AREA', referralWith({}, { excludedRegions: ['harbour'] }), service('by-offer')],
    ['BASIS', referralWith({ basis: undefined, requestBasis: undefined }), service('by-offer')],
    [
      'FUNDING_COVER',
      referralWith({}, { funding: 'none' }),
      withCriteria({ fundingRequired: true }),
    ],
    ['NOT_ACCREDITED', referralWith(), service('by-offer', { accreditedUntil: undefined })],
    ['NOT_ACCREDITED', referralWith(), service('by-offer', { accreditedUntil: monday })],
    [
      'NO_FREE_UNIT',
      referralWith(),
      service('by-offer', {
        hint: { free: 0, asOf: monday, increasedAt: undefined, increasedByHold: undefined },
      }),
    ],
    [
      'CLOSED',
      referralWith(),
      service('by-offer', {
        nightCover: false,
        openHours: [{ weekday: 2, opens: '09:00', closes: '17:00' }],
      }),
    ],
  ])('fails for a service that does not suit: %s', (code, referral, one) =>
    expect(failedBy(referral, one)).toContain(code),
  );

  it('SIZE holds for the largest and the smallest party', () => {
    expect(failedBy(referralWith({ party: three }), withCriteria({ largestParty: 3 }))).toEqual([]);
    expect(failedBy(referralWith({ party: three }), withCriteria({ smallestParty: 3 }))).toEqual(
      [],
    );
    expect(failedBy(referralWith({ party: three }), withCriteria({ smallestParty: 4 }))).toEqual([
      'SIZE',
    ]);
  });

  it('AGE holds for an unaccompanied child where children are accepted, and not where only a disputed age is', () => {
    const alone = referralWith({ party: [child] });
    expect(failedBy(alone, withCriteria({ groups: ['women', 'child'] }))).toEqual([]);
    expect(failedBy(alone, withCriteria({ groups: ['women', 'age-disputed'] }))).toEqual(['AGE']);
  });

  it('AGE treats a party of children as of disputed age, where the age of one is unsure', () => {
    const both = referralWith({ party: [child, maybe] });
    expect(failedBy(both, withCriteria({ groups: ['women', 'child'] }))).toEqual(['AGE']);
    expect(failedBy(both, withCriteria({ groups: ['women', 'age-disputed'] }))).toEqual([]);
  });

  it('that needs an answer does not replace one that fails', () => {
    const funded = withCriteria({ fundingRequired: true, groups: ['men'] });
    const planned = referralWith({ urgency: 'planned' });
    expect(
      search({ ...planned, offers: [] }, knowledgeAt(monday, [funded])).map(({ type }) => type),
    ).not.toContain('ServiceAsked');
  });

  it('FUNDING_COVER needs an answer, except in an emergency', () => {
    const funded = withCriteria({ fundingRequired: true });
    const verdict = (urgency: Referral['urgency']) =>
      judge({ referral: referralWith({ urgency }), bases: new Map(), pack, now: monday }, funded)
        .unanswered;
    expect(verdict('planned')).toEqual(['FUNDING_COVER']);
    expect(verdict('emergency')).toEqual([]);
  });

  it('FUNDING_COVER holds for a person whose funding is confirmed, whatever the urgency', () => {
    const funded = withCriteria({ fundingRequired: true });
    for (const urgency of ['emergency', 'urgent', 'planned'] as const) {
      const verdict = judge(
        {
          referral: referralWith({ urgency }, { funding: 'confirmed' }),
          bases: new Map(),
          pack,
          now: monday,
        },
        funded,
      );
      expect(verdict.unanswered).toEqual([]);
      expect(verdict.failed).not.toContain('FUNDING_COVER');
    }
  });
});

it('a service that needs an answer first is not asked, and is listed after those that may be', () => {
  const funded = withCriteria({ fundingRequired: true });
  const free = service('by-offer');
  const searches = (services: readonly Service[]) =>
    requestScenario(services, { urgency: 'urgent', known: [withPermission()] }).events.find(
      ({ type }) => type === 'SearchDecided',
    );
  expect(searches([funded, free])).toMatchObject({
    candidates: [
      { serviceId: free.serviceId, asked: true },
      { serviceId: funded.serviceId, unanswered: ['FUNDING_COVER'], asked: false },
    ],
  });
  expect(searches([funded])).toMatchObject({ candidates: [{ asked: false }] });
});

describe('a search at night', () => {
  const sunday = instant(monday - hours(12));
  const days = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' }));
  const office = service('by-offer', { nightCover: false, openHours: days });
  const night = service('by-offer');

  it('asks open services, and a closed one only when no open one is left', () => {
    expect(rank(plain, knowledgeAt(sunday, [office, night]))[0]?.serviceId).toBe(night.serviceId);
    const asked = search({ ...plain, offers: [] }, knowledgeAt(sunday, [office]));
    expect(
      asked.some((event) => event.type === 'ServiceAsked' && event.serviceId === office.serviceId),
    ).toBe(true);
  });

  it('asks closed services in their order too', () => {
    const quick = {
      ...service('by-offer', { nightCover: false, openHours: days }),
      promisedAnswerMinutes: 10,
    };
    const order = rank(plain, knowledgeAt(sunday, [office, quick])).map((one) => one.serviceId);
    expect(order).toEqual([quick.serviceId, office.serviceId]);
  });
});

describe('the bar of a decline', () => {
  const one = service('by-offer');
  const declined = (code: string): Referral => ({
    ...plain,
    offers: [
      {
        offerId: 'an offer' as never,
        serviceId: one.serviceId,
        organisationId: one.organisationId,
        region: 'harbour',
        acceptance: 'by-offer',
        status: 'declined',
        needVersion: 1,
        round: 1,
        askedAt: monday,
        hasHold: false,
        holdingUntil: monday,
        madeAt: monday,
        reminders: [],
        remindersSent: 0,
        softDeadline: undefined,
        closesAt: undefined,
        acknowledgeBy: undefined,
        telephone: undefined,
        attempts: 0,
        endedAt: monday,
        code,
      },
    ],
  });
  const rose = (at: number): Service => ({
    ...one,
    hint: { free: 1, asOf: monday, increasedAt: instant(at), increasedByHold: undefined },
  });

  it('lasts until the capacity changes where the service is full', () => {
    expect(failedBy(declined('full'), one)).toContain('DECLINED_RECENTLY');
    expect(failedBy(declined('full'), rose(after(monday, hours(1))))).toEqual([]);
  });
  it('lasts until the need has a new version where the need is outside the criteria', () => {
    expect(failedBy(declined('outside-criteria'), one)).toContain('DECLINED_RECENTLY');
    expect(failedBy({ ...declined('outside-criteria'), needVersion: 2 }, one)).toEqual([]);
  });
  it('lasts some days for another reason', () => {
    expect(failedBy(declined('other'), one)).toContain('DECLINED_RECENTLY');
    expect(failedBy(declined('other'), one, after(monday, hours(24 * 8)))).toEqual([]);
  });
  it('has a code of its own for a conflict of interest, and ends too', () => {
    expect(failedBy(declined('conflict-of-interest'), one)).toContain('CONFLICT');
    expect(failedBy(declined('conflict-of-interest'), one, after(monday, hours(24 * 91)))).toEqual(
      [],
    );
  });
});

describe('the order of the eligible services', () => {
  it('puts the smallest sufficient place first, then wishes, then the promised answer time', () => {
    const rare = withCriteria({ accessibility: ['wheelchair'] });
    const near = service('by-offer', { region: 'lakes' });
    const quick = service('by-offer', { promisedAnswerMinutes: 10 });
    const slow = service('by-offer', { promisedAnswerMinutes: 240 });
    const wishing = referralWith(
      {},
      { wishes: { regions: ['lakes'], languages: [], specialisms: [] } },
    );
    const order = rank(wishing, knowledgeAt(monday, [rare, slow, quick, near])).map(
      (one) => one.serviceId,
    );
    expect(order).toEqual([near, quick, slow, rare].map((one) => one.serviceId));
  });

  it('is the same for the same input', () => {
    const many = Array.from({ length: 6 }, () => service('by-offer'));
    const order = (list: readonly Service[]) =>
      rank(plain, knowledgeAt(monday, list)).map((one) => one.serviceId);
    expect(order(many.toReversed())).toEqual(order(many));
  });
});
