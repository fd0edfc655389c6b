import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { asksWhileLooking, mayFit } from './may-fit.ts';
import { service } from './saga.fixture.ts';
import { awaitingPerson, begin, held, id, type Walk, when } from './walk.fixture.ts';

const three = Array.from({ length: 3 }, () => service('by-offer'));
const fits = (walk: Walk, serviceId = three[2]?.serviceId ?? ''): Walk => when(walk, mayFit(serviceId));

describe('how many services are asked for a referral', () => {
  it('that looks for a place: those that have not answered', () => {
    const asked = held(begin(three.slice(0, 2)));
    expect(asksWhileLooking(asked.referral)).toBe(2);
    const declined = when(asked, (r, k) => declineOffer(r, id(asked), { code: 'full', noteId: undefined }, k));
    expect(asksWhileLooking(declined.referral)).toBe(1);
  });

  it('that found nobody: none', () => expect(asksWhileLooking(begin([]).referral)).toBe(0));

  it('that has a place is not said', () => expect(asksWhileLooking(awaitingPerson(three).referral)).toBeUndefined());
});

describe('a service at which something may fit now', () => {
  it('is asked by a referral that found nobody', () =>
    expect(fits({ ...begin([]), services: three }).types).toContain('ServiceAsked'));

  it('is not asked where as many are asked as may be at once', () =>
    expect(fits(begin(three)).no).toBe('enough-asked'));

  it('is not asked where a place is promised, or where it does not suit', () => {
    expect(fits(awaitingPerson(three)).no).toBe('not-waiting');
    expect(fits(begin([]), 'unknown').no).toBe('does-not-fit');
  });
});
