import { after, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { nextDeadline, timePasses } from './deadlines.ts';
import { decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { isAnswerable, type Offer } from './offer.ts';
import { unitHeld } from './offering.ts';
import { override } from './override.ts';
import type { Referral } from './referral.ts';
import {
  eventsOf,
  knowledgeAt,
  monday,
  pack,
  requested,
  service,
  stateAfter,
} from './saga.fixture.ts';
import { remainingToAsk, search } from './search.ts';
import { serviceAvailable } from './service-available.ts';
import { serviceStarted } from './service-started.ts';

const shelters = Array.from({ length: 12 }, () => service('by-offer'));

const searchNumber = (event: ReferralEvent): number[] =>
  event.type === 'SearchDecided' ? [event.search] : [];

/** Every requested bed is held, and no service ever answers; time passes from one deadline to the next. */
function runWithoutAnswers(
  until: number,
  before: (begun: Referral) => Referral = (begun) => begun,
) {
  let now = monday;
  const begun = requested(knowledgeAt(now, shelters));
  const searches = begun.flatMap(searchNumber);
  let referral = before(stateAfter(begun));
  let openAtMost = 0;
  while (now < after(monday, until)) {
    for (const { offerId } of referral.offers.filter((offer) => offer.status === 'holding'))
      referral = stateAfter(
        eventsOf(unitHeld(referral, offerId, knowledgeAt(now, shelters))),
        referral,
      );
    openAtMost = Math.max(openAtMost, referral.offers.filter(isAnswerable).length);
    const next = nextDeadline(referral);
    if (!next) throw new Error('a referral that waits has no deadline');
    now = next.due;
    const events = eventsOf(timePasses(referral, knowledgeAt(now, shelters)));
    searches.push(...events.flatMap(searchNumber));
    referral = stateAfter(events, referral);
  }
  return { referral, openAtMost, searches };
}

it('an emergency asks two services at once and has at most six open offers, however long nobody answers', () => {
  expect(runWithoutAnswers(minutes(30)).referral.offers).toHaveLength(2);
  expect(runWithoutAnswers(minutes(90)).referral.offers).toHaveLength(4);
  expect(runWithoutAnswers(minutes(60 * 20)).openAtMost).toBe(6);
});

it('a requested hold counts towards the most offers that may be open', () => {
  const [offer] = runWithoutAnswers(minutes(30)).referral.offers;
  if (!offer) throw new Error('an offer');
  const { maxOpen } = pack.urgencies.emergency;
  const softened = Array.from(
    { length: maxOpen - 1 },
    (): Offer => ({ ...offer, status: 'softened' }),
  );
  const referral = { ...runWithoutAnswers(minutes(30)).referral, offers: softened };
  expect(remainingToAsk(referral, pack)).toBe(1);
  expect(
    remainingToAsk({ ...referral, offers: [...softened, { ...offer, status: 'holding' }] }, pack),
  ).toBe(0);
});

it('the last soft deadline without an answer raises an alert', () => {
  expect(runWithoutAnswers(minutes(200)).referral.alerts.map((alert) => alert.code)).toContain(
    'nobody-answered',
  );
});

it('the search asks six other services when the first six have closed, and is unplaced when none is left', () => {
  const { referral } = runWithoutAnswers(minutes(60 * 60));
  expect(referral.offers).toHaveLength(12);
  expect(referral.stage).toMatchObject({
    name: 'unplaced',
    placeOfLastResort: 'night-house-for-women-of-harbour',
  });
});

it('an unplaced referral searches again when a bed becomes free, and not when its own hold ended', () => {
  const { referral } = runWithoutAnswers(minutes(60 * 60));
  const now = after(monday, minutes(60 * 61));
  const own = referral.offers.at(-1)?.offerId;
  const [first] = shelters;
  const freed = (increasedByHold: typeof own) =>
    shelters.map((one) =>
      one === first
        ? { ...one, hint: { free: 1, asOf: now, increasedAt: now, increasedByHold } }
        : one,
    );
  const fits = serviceAvailable(first?.serviceId ?? '');
  expect(fits(referral, knowledgeAt(now, freed(own)))).toEqual({
    kind: 'ignored',
    reason: 'not-eligible',
  });
  const another = service('by-offer');
  expect(
    serviceAvailable(another.serviceId)(referral, knowledgeAt(now, [...freed(undefined), another]))
      .kind,
  ).toBe('accepted');
});

it('an arrival at a place that was released is recorded as an arrival', () => {
  const direct = [service('direct')];
  const asked = stateAfter(requested(knowledgeAt(monday, direct)));
  const offerId = asked.offers[0]?.offerId ?? '';
  const held = stateAfter(eventsOf(unitHeld(asked, offerId, knowledgeAt(monday, direct))), asked);
  const anew = { action: 'restart-search', code: 'journey-failed', serviceId: undefined } as const;
  const searching = stateAfter(eventsOf(override(held, anew, knowledgeAt(monday, direct))), held);
  expect(searching.offers[0]?.status).toBe('withdrawn');
  const there = eventsOf(
    decide(searching, knowledgeAt(monday, direct), (r, k) => serviceStarted(r, offerId, monday, k)),
  );
  expect(there.map((event) => event.type)).toEqual(
    expect.arrayContaining(['UnitTakenUp', 'ServiceStarted']),
  );
  const end = stateAfter(there, searching);
  expect(end.stage).toEqual({ name: 'started', offerId });
  expect(end.offers.map((offer) => offer.status)).not.toContain('holding');
});

it('the last soft deadline raises an alert also where a service had declined before', () => {
  const { referral } = runWithoutAnswers(minutes(200), (begun) => {
    const [first] = begun.offers;
    const knowledge = knowledgeAt(monday, shelters);
    const held = stateAfter(eventsOf(unitHeld(begun, first?.offerId ?? '', knowledge)), begun);
    const no = declineOffer(
      held,
      first?.offerId ?? '',
      { code: 'other', noteId: undefined },
      knowledge,
    );
    return stateAfter(eventsOf(no), held);
  });
  expect(referral.offers.map((offer) => offer.status)).toContain('declined');
  expect(referral.alerts.map((alert) => alert.code)).toContain('nobody-answered');
});

it.each(pack.placesOfLastResort)(
  'an unplaced referral names the place of last resort of the group $group and the region $region',
  (resort) => {
    const { group, region, place } = resort;
    const asked = stateAfter(requested(knowledgeAt(monday, [])));
    const unplacedIn = (excludedRegions: string[]) => {
      const need = { ...asked.need, group, region, excludedRegions };
      return search({ ...asked, stage: { name: 'searching' }, need }, knowledgeAt(monday, [])).at(
        1,
      );
    };
    expect(unplacedIn([])).toMatchObject({ type: 'ReferralUnplaced', placeOfLastResort: place });
    // A person is never sent to a region where they are in danger.
    const dangerous = unplacedIn([region]);
    expect(dangerous).toMatchObject({
      type: 'ReferralUnplaced',
      placeOfLastResort: 'contact-duty-coordinator',
    });
  },
);

it('an unplaced referral names no place of last resort where the need is no accommodation', () => {
  const legalAid = {
    ...pack.needs[0],
    code: 'legal-aid',
    placeOfLastResort: false,
  } as (typeof pack.needs)[number];
  const knowledge = {
    ...knowledgeAt(monday, []),
    pack: { ...pack, needs: [...pack.needs, legalAid] },
  };
  const asked = stateAfter(requested(knowledgeAt(monday, [])));
  const lastResort = (need: string) => {
    const searching: Referral = {
      ...asked,
      stage: { name: 'searching' },
      need: { ...asked.need, need },
    };
    const [, unplaced] = search(searching, knowledge);
    return unplaced?.type === 'ReferralUnplaced' ? unplaced.placeOfLastResort : unplaced?.type;
  };
  expect(lastResort('legal-aid')).toBeUndefined();
  expect(lastResort('safe-accommodation')).toBe('night-house-for-women-of-harbour');
});

it('an unplaced referral names the duty coordinator where the country has no place of last resort', () => {
  const nowhere = { ...knowledgeAt(monday, []), pack: { ...pack, placesOfLastResort: [] } };
  const { stage } = stateAfter(requested(nowhere));
  expect(stage).toMatchObject({ name: 'unplaced', placeOfLastResort: 'contact-duty-coordinator' });
});

it('the searches of a referral are numbered 1, 2, 3', () => {
  const { searches } = runWithoutAnswers(minutes(300));
  expect(searches.length).toBeGreaterThan(2);
  expect(searches).toEqual(searches.map((_, nth) => nth + 1));
});
