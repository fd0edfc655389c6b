import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { unitUnavailable } from './confirming.ts';
import { override } from './override.ts';
import { service } from './saga.fixture.ts';
import {
  awaitingPerson,
  journeyArranged,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from './scenario.fixture.ts';
import { messagesSentIn } from './sent-messages.fixture.ts';
import { didNotStart, serviceStarted } from './service-started.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const two = Array.from({ length: 2 }, () => service('by-offer'));
const asked = (): Scenario => providerHolds(providerHolds(requestScenario(four)), 1);
const onTheWay = (): Scenario => journeyArranged(personAnswers(awaitingPerson(four), true));
const missed = (scenario: Scenario = onTheWay()): Scenario =>
  when(scenario, (r, k) => didNotStart(r, offerIdOf(scenario), '', k));
const searchesAnew = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) =>
    override(r, { action: 'restart-search', code: 'local-knowledge', serviceId: undefined }, k),
  );
const loses = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => unitUnavailable(r, offerIdOf(scenario), 'not-possible-here', k));
const declines = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) =>
    declineOffer(r, offerIdOf(scenario), { code: 'full', noteId: undefined }, k),
  );
const arrives = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) => serviceStarted(r, offerIdOf(scenario, nth), k.now, k));

const pending = ({ referral }: Scenario): string[] =>
  referral.offers
    .map(({ status }) => status)
    .filter((one) => ['holding', 'open', 'softened', 'standby', 'confirming'].includes(one));

/** Where a referral is when the person arrives, and at which of the services that were asked. */
const arrivals: [where: string, begin: () => Scenario, nth: number][] = [
  ['at a service that still holds', () => requestScenario(four), 0],
  ['at a service whose offer is open', asked, 0],
  ['at a service whose offer is softened', () => minutesPass(asked(), 61), 0],
  ['at a service that declined', () => declines(asked()), 0],
  ['at a service whose offer closed', () => minutesPass(asked(), 60 * 25), 0],
  ['while the place is being confirmed', () => providerAccepts(asked()), 0],
  ['before the person was asked', () => awaitingPerson(four), 0],
  ['at a service on standby', () => providerAccepts(awaitingPerson(four), 1), 1],
  [
    'at the confirmed place while another service is on standby',
    () => providerAccepts(awaitingPerson(four), 1),
    0,
  ],
  [
    'at another place than the one that the person agreed to',
    () => personAnswers(awaitingPerson(four), true),
    1,
  ],
  ['before a journey was arranged', () => personAnswers(awaitingPerson(four), true), 0],
  ['by the arranged journey', onTheWay, 0],
  ['late, while the place is kept', () => missed(), 0],
  ['late, after the place was released', () => minutesPass(missed(), 60 * 13), 0],
  ['at a place that was lost', () => loses(awaitingPerson(four)), 0],
  [
    'at a place that was lost, while no service is left to ask',
    () => loses(loses(providerHolds(requestScenario(two)))),
    0,
  ],
  ['at a place that was released for another search', () => searchesAnew(onTheWay()), 0],
];

describe('an arrival that is announced again', () => {
  const there = arrives(awaitingPerson(four));

  it('changes nothing at the same place', () =>
    expect(arrives(there).outcome).toBe('already-started'));

  it('raises one alert where it is at another place', () => {
    const elsewhere = arrives(there, 1);
    expect(elsewhere.events).toMatchObject([{ type: 'AlertRaised', code: 'started-after-end' }]);
    expect(elsewhere.referral.stage).toEqual(there.referral.stage);
    expect(arrives(elsewhere, 1).outcome).toBe('alert-already-open');
  });

  it('raises an alert where the referral is over without a place', () => {
    const end = { action: 'end', code: 'local-knowledge', serviceId: undefined } as const;
    const over = when(awaitingPerson(four), (r, k) => override(r, end, k));
    expect(arrives(over).types).toEqual(['AlertRaised']);
  });
});

describe('an arrival at the agreed place', () => {
  const missedAndKept = missed();
  const givenBack = minutesPass(missedAndKept, 60 * 13);

  it.each([
    ['before a journey was arranged', personAnswers(awaitingPerson(four), true)],
    ['by the journey', onTheWay()],
    ['late, while the place is kept', missedAndKept],
  ])('%s begins no second relation', (_when, scenario) =>
    expect(arrives(scenario).types).toEqual(['ServiceStarted']),
  );

  it('after the place was released begins the relation again', () =>
    expect(arrives(givenBack).types).toEqual(['UnitTakenUp', 'ServiceStarted']));
});

describe('an arrival', () => {
  it.each(arrivals)('%s withdraws every other offer and hold', (_where, scenario, nth) => {
    const before = scenario();
    const there = arrives(before, nth);
    const place = offerIdOf(before, nth);
    expect(there.referral.stage).toEqual({ name: 'started', offerId: place });
    expect(pending(there)).toEqual([]);
    expect(messagesSentIn(there.history).held.filter((hold) => hold !== place)).toEqual([]);
  });

  it.each(arrivals)('%s begins a relation with that place alone', (_where, scenario, nth) => {
    const before = scenario();
    const there = arrives(before, nth);
    const relations = there.referral.party.map(
      ({ caseReference }) => `${offerIdOf(before, nth)} ${caseReference}`,
    );
    expect(messagesSentIn(there.history).related).toEqual(relations);
  });
});
