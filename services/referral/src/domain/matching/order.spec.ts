import { describe, expect, it } from 'vitest';
import type { Need } from '../need.ts';
import type { Referral } from '../referral.ts';
import { knowledgeAt, monday, pack, requested, service, stateAfter } from '../saga.fixture.ts';
import { compareTerms, orderNames, orderTerms } from './order.ts';
import { type Criteria, NO_LOAD, type Service, type ServiceLoad } from './service.ts';

const alone = stateAfter(requested(knowledgeAt(monday, [])));
const pair = stateAfter(requested(knowledgeAt(monday, []), { members: 2 }));

const withNeed = (need: Partial<Need>, referral: Referral = alone): Referral => ({
  ...referral,
  need: { ...referral.need, ...need },
});
const withWishes = (wishes: Partial<Need['wishes']>): Referral =>
  withNeed({ wishes: { regions: [], languages: [], specialisms: [], ...wishes } });

/** A service for one person without special attributes. */
const plain = service('by-offer');
const withCriteria = (change: Partial<Criteria>): Service => ({
  ...plain,
  criteria: { ...plain.criteria, largestParty: 1, ...change },
});

const termOf = (
  name: string,
  referral: Referral,
  asked: Service & Partial<ServiceLoad>,
): number | undefined =>
  orderTerms({ referral, bases: new Map(), pack, now: monday }, asked, { ...NO_LOAD, ...asked })[
    orderNames.indexOf(name)
  ];

describe('the count of attributes that the person does not need', () => {
  const unused = (referral: Referral, change: Partial<Criteria>) =>
    termOf('unused-scarce-attributes', referral, withCriteria(change));

  it('includes each kind of accessibility and care', () => {
    expect(unused(alone, {})).toBe(0);
    expect(unused(alone, { accessibility: ['wheelchair', 'hearing'] })).toBe(2);
    expect(unused(alone, { care: ['medication'] })).toBe(1);
    expect(
      unused(alone, { accessibility: ['wheelchair'], care: ['medication'], largestParty: 4 }),
    ).toBe(3);
  });

  it('excludes attributes that the person needs', () => {
    const needs = withNeed({ accessibility: ['wheelchair'], care: ['medication'] });
    expect(unused(needs, { accessibility: ['wheelchair'], care: ['medication'] })).toBe(0);
    expect(unused(needs, { accessibility: ['wheelchair', 'hearing'], care: [] })).toBe(1);
  });

  it('includes room for a family where one person comes, and not where two people come', () => {
    expect(unused(alone, { largestParty: 2 })).toBe(1);
    expect(unused(alone, { largestParty: 1 })).toBe(0);
    expect(unused(pair, { largestParty: 2 })).toBe(0);
  });
});

describe('the count of wishes that a service does not meet', () => {
  const unmet = (referral: Referral, change: Partial<Criteria> = {}) =>
    termOf('wishes-unmet', referral, withCriteria(change));

  it('is zero where the person has no wish', () => expect(unmet(alone)).toBe(0));

  it('includes the region where the person wishes for others', () => {
    expect(unmet(withWishes({ regions: ['lakes', 'islands'] }))).toBe(1);
    expect(unmet(withWishes({ regions: ['lakes', 'harbour'] }))).toBe(0);
  });

  it('includes each language that the person wishes for or speaks', () => {
    expect(unmet(withWishes({ languages: ['ro', 'uk'] }))).toBe(2);
    expect(unmet(withWishes({ languages: ['ro', 'uk'] }), { languages: ['uk'] })).toBe(1);
    expect(unmet(withNeed({ languages: ['ro'] }))).toBe(1);
    expect(unmet(withNeed({ languages: ['ro'] }), { languages: ['ro'] })).toBe(0);
  });

  it('includes each specialism that the person wishes for', () => {
    expect(unmet(withWishes({ specialisms: ['trauma'] }))).toBe(1);
    expect(unmet(withWishes({ specialisms: ['trauma'] }), { specialisms: ['trauma'] })).toBe(0);
  });

  it('is the sum of all of them', () =>
    expect(
      unmet(withWishes({ regions: ['lakes'], languages: ['ro'], specialisms: ['trauma'] })),
    ).toBe(3));
});

it('the order terms take the promised minutes and the unanswered offers from the service', () => {
  const asked = { ...plain, promisedAnswerMinutes: 45, openOffers: 3 };
  expect(termOf('promised-answer-minutes', alone, asked)).toBe(45);
  expect(termOf('unanswered-offers', alone, asked)).toBe(3);
});

describe('the order of two services', () => {
  const order = (...candidates: { serviceId: string; terms: number[] }[]) =>
    candidates.toSorted(compareTerms).map(({ serviceId }) => serviceId);

  it('is decided by the first term that differs, and the smaller value comes first', () => {
    expect(order({ serviceId: 'a', terms: [1, 0] }, { serviceId: 'b', terms: [0, 9] })).toEqual([
      'b',
      'a',
    ]);
    expect(order({ serviceId: 'a', terms: [0, 2] }, { serviceId: 'b', terms: [0, 1] })).toEqual([
      'b',
      'a',
    ]);
  });

  it('is decided by the id where every term is equal, whichever is listed first', () => {
    const [a, b] = [
      { serviceId: 'a', terms: [1, 1] },
      { serviceId: 'b', terms: [1, 1] },
    ];
    expect(order(a, b)).toEqual(['a', 'b']);
    expect(order(b, a)).toEqual(['a', 'b']);
  });
});
