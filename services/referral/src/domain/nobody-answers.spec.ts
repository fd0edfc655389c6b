import { after, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { nextClock, timePasses } from './clocks.ts';
import { decide } from './decide.ts';
import { arrived } from './journey.ts';
import { mayFit } from './may-fit.ts';
import { isAnswerable } from './offer.ts';
import { bedHeld } from './offering.ts';
import { override } from './override.ts';
import type { Referral } from './referral.ts';
import { eventsOf, knowing, monday, requested, service, stateAfter } from './saga.fixture.ts';

const shelters = Array.from({ length: 12 }, () => service('by-offer'));

/** Every bed that is asked for is held, and nobody ever answers; time passes from one clock to the next. */
function silence(until: number): { referral: Referral; openAtMost: number } {
  let now = monday;
  let referral = stateAfter(requested(knowing(now, shelters)));
  let openAtMost = 0;
  while (now < after(monday, until)) {
    for (const { offerId } of referral.offers.filter((offer) => offer.status === 'holding'))
      referral = stateAfter(eventsOf(bedHeld(referral, offerId, knowing(now, shelters))), referral);
    openAtMost = Math.max(openAtMost, referral.offers.filter(isAnswerable).length);
    const next = nextClock(referral);
    if (!next) throw new Error('nobody waits without a clock');
    now = next.due;
    referral = stateAfter(eventsOf(timePasses(referral, knowing(now, shelters))), referral);
  }
  return { referral, openAtMost };
}

it('asks two at once and at most six in an emergency, however long nobody answers', () => {
  expect(silence(minutes(30)).referral.offers).toHaveLength(2);
  expect(silence(minutes(90)).referral.offers).toHaveLength(4);
  expect(silence(minutes(60 * 20)).openAtMost).toBe(6);
});

it('tells the coordinator at the last soft deadline', () => {
  expect(silence(minutes(200)).referral.alerts.map((alert) => alert.code)).toContain('nobody-answered');
});

it('asks six others when the first six have closed, and is unplaced when nobody is left', () => {
  const { referral } = silence(minutes(60 * 60));
  expect(referral.offers).toHaveLength(12);
  expect(referral.stage).toMatchObject({ name: 'unplaced', placeOfLastResort: 'night-house-for-women-of-harbour' });
});

it('looks again when a bed becomes free somewhere, and not when its own hold ended', () => {
  const { referral } = silence(minutes(60 * 60));
  const now = after(monday, minutes(60 * 61));
  const own = referral.offers.at(-1)?.offerId;
  const [first] = shelters;
  const freed = (roseBy: typeof own) =>
    shelters.map((one) => (one === first ? { ...one, hint: { free: 1, asOf: now, roseAt: now, roseBy } } : one));
  const fits = mayFit(first?.serviceId ?? '');
  expect(fits(referral, knowing(now, freed(own)))).toEqual({ kind: 'ignored', reason: 'does-not-fit' });
  const another = service('by-offer');
  expect(mayFit(another.serviceId)(referral, knowing(now, [...freed(undefined), another])).kind).toBe('accepted');
});

it('knows that somebody who arrives at a place that was given up has arrived', () => {
  const direct = [service('direct')];
  const asked = stateAfter(requested(knowing(monday, direct)));
  const offerId = asked.offers[0]?.offerId ?? '';
  const held = stateAfter(eventsOf(bedHeld(asked, offerId, knowing(monday, direct))), asked);
  const anew = { action: 'search-anew', code: 'journey-failed', serviceId: undefined } as const;
  const searching = stateAfter(eventsOf(override(held, anew, knowing(monday, direct))), held);
  expect(searching.offers[0]?.status).toBe('withdrawn');
  const there = eventsOf(decide(searching, knowing(monday, direct), (r, k) => arrived(r, offerId, monday, k)));
  expect(there.map((event) => event.type)).toEqual(expect.arrayContaining(['ArrivedAfterAll', 'Arrived']));
  const end = stateAfter(there, searching);
  expect(end.stage).toEqual({ name: 'arrived', offerId });
  expect(end.offers.map((offer) => offer.status)).not.toContain('holding');
});
