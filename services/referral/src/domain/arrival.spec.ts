import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { bedNotAvailable } from './confirming.ts';
import { arrived, didNotArrive } from './journey.ts';
import { override } from './override.ts';
import { service } from './saga.fixture.ts';
import { saidIn } from './said.fixture.ts';
import { arranged, awaitingPerson, begin, held, id, passes, says, type Walk, when, yes } from './walk.fixture.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const two = Array.from({ length: 2 }, () => service('by-offer'));
const asked = (): Walk => held(held(begin(four)), 1);
const onTheWay = (): Walk => arranged(says(awaitingPerson(four), true));
const missed = (walk: Walk = onTheWay()): Walk => when(walk, (r, k) => didNotArrive(r, id(walk), k));
const searchesAnew = (walk: Walk): Walk =>
  when(walk, (r, k) => override(r, { action: 'search-anew', code: 'local-knowledge', serviceId: undefined }, k));
const loses = (walk: Walk): Walk => when(walk, (r, k) => bedNotAvailable(r, id(walk), 'not-possible-here', k));
const declines = (walk: Walk): Walk =>
  when(walk, (r, k) => declineOffer(r, id(walk), { code: 'full', noteId: undefined }, k));
const arrives = (walk: Walk, nth = 0): Walk => when(walk, (r, k) => arrived(r, id(walk, nth), k.now, k));

const pending = ({ referral }: Walk): string[] =>
  referral.offers
    .map(({ status }) => status)
    .filter((one) => ['holding', 'open', 'softened', 'standby', 'confirming'].includes(one));

/** Where a referral is when the person comes, and at which of the services that were asked. */
const arrivals: [where: string, walk: () => Walk, nth: number][] = [
  ['at a service that still holds', () => begin(four), 0],
  ['at a service whose offer is open', asked, 0],
  ['at a service whose offer is softened', () => passes(asked(), 61), 0],
  ['at a service that declined', () => declines(asked()), 0],
  ['at a service whose offer closed', () => passes(asked(), 60 * 25), 0],
  ['while the place is confirmed', () => yes(asked()), 0],
  ['before the person was asked', () => awaitingPerson(four), 0],
  ['at a service that stands by', () => yes(awaitingPerson(four), 1), 1],
  ['at the confirmed place while another stands by', () => yes(awaitingPerson(four), 1), 0],
  ['at another place than the one agreed', () => says(awaitingPerson(four), true), 1],
  ['before a journey was arranged', () => says(awaitingPerson(four), true), 0],
  ['by the arranged journey', onTheWay, 0],
  ['late, while the place is kept', () => missed(), 0],
  ['late, after the place was given back', () => passes(missed(), 60 * 13), 0],
  ['at a place that was lost', () => loses(awaitingPerson(four)), 0],
  ['at a place that was lost, while nobody is left to ask', () => loses(loses(held(begin(two)))), 0],
  ['at a place that was given up for another search', () => searchesAnew(onTheWay()), 0],
];

describe('an arrival that is heard again', () => {
  const there = arrives(awaitingPerson(four));

  it('changes nothing at the same place', () => expect(arrives(there).no).toBe('already-arrived'));

  it('is told to a person at another place, once', () => {
    const elsewhere = arrives(there, 1);
    expect(elsewhere.events).toMatchObject([{ type: 'AlertRaised', code: 'arrived-unexpectedly' }]);
    expect(elsewhere.referral.stage).toEqual(there.referral.stage);
    expect(arrives(elsewhere, 1).no).toBe('already-told');
  });

  it('is told to a person where the referral is over without a place', () => {
    const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;
    const over = when(awaitingPerson(four), (r, k) => override(r, end, k));
    expect(arrives(over).types).toEqual(['AlertRaised']);
  });
});

describe('an arrival at the agreed place', () => {
  const missedAndKept = missed();
  const givenBack = passes(missedAndKept, 60 * 13);

  it.each([
    ['before a journey was arranged', says(awaitingPerson(four), true)],
    ['by the journey', onTheWay()],
    ['late, while the place is kept', missedAndKept],
  ])('%s begins no second relation', (_when, walk) => expect(arrives(walk).types).toEqual(['Arrived']));

  it('after it was given back begins the relation again', () =>
    expect(arrives(givenBack).types).toEqual(['ArrivedAfterAll', 'Arrived']));
});

describe('an arrival', () => {
  it.each(arrivals)('%s leaves nothing asked and nothing held but that place', (_where, walk, nth) => {
    const before = walk();
    const there = arrives(before, nth);
    const place = id(before, nth);
    expect(there.referral.stage).toEqual({ name: 'arrived', offerId: place });
    expect(pending(there)).toEqual([]);
    expect(saidIn(there.history).held.filter((hold) => hold !== place)).toEqual([]);
  });

  it.each(arrivals)('%s is a relation with that place alone', (_where, walk, nth) => {
    const before = walk();
    const there = arrives(before, nth);
    const relations = there.referral.party.map(({ caseReference }) => `${id(before, nth)} ${caseReference}`);
    expect(saidIn(there.history).related).toEqual(relations);
  });
});
