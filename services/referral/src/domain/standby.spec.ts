import { hours, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { unitUnavailable } from './confirming.ts';
import { isUnanswered } from './offer.ts';
import { override } from './override.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
} from './scenario.fixture.ts';
import { messagesSentIn } from './sent-messages.fixture.ts';
import { serviceChanged } from './service-started.ts';

const two = Array.from({ length: 2 }, () => service('by-offer'));
/** One place is confirmed, and a second service has accepted and waits. */
const standsBy = (): Scenario => providerAccepts(awaitingPerson(two), 1);
const hoursPass = (scenario: Scenario, count: number): Scenario =>
  Array.from({ length: count }).reduce<Scenario>(
    (before) => minutesPass(before, hours(1) / minutes(1)),
    scenario,
  );

/** Each way in which the first place is lost or not wanted. */
const waysBack: [how: string, back: (scenario: Scenario) => Scenario][] = [
  ['the person declines', (scenario) => personAnswers(scenario, false)],
  [
    'the place is lost',
    (scenario) =>
      when(scenario, (r, k) => unitUnavailable(r, offerIdOf(scenario), 'not-possible-here', k)),
  ],
  [
    'the shelter closes',
    (scenario) =>
      when(scenario, (r, k) => serviceChanged(r, offerIdOf(scenario), 'site-closed', true, k)),
  ],
  ['the coordinator restarts the search', (scenario) => searchesAnew(scenario, 'local-knowledge')],
  ['the person wishes another place', (scenario) => searchesAnew(scenario, 'wish-of-the-person')],
];
const searchesAnew = (scenario: Scenario, code: string): Scenario =>
  when(scenario, (r, k) =>
    override(r, { action: 'restart-search', code, serviceId: undefined }, k),
  );

describe('an offer on standby', () => {
  it.each(waysBack)('is confirmed next when %s', (_how, back) => {
    const next = back(standsBy());
    expect(next.types).toContain('ConfirmationRequested');
    expect(next.referral.stage).toMatchObject({ name: 'confirming', offerId: offerIdOf(next, 1) });
  });

  it('releases its hold at the soft deadline and stays on standby', () => {
    const soft = hoursPass(standsBy(), 1);
    expect(statuses(soft)).toEqual(['confirmed', 'standby']);
    expect(messagesSentIn(soft.history).held).toEqual([offerIdOf(soft)]);
    expect(personAnswers(soft, false).types).toContain('ConfirmationRequested');
  });

  it('closes at its deadline, releases its unit, and is not counted as an unanswered offer', () => {
    const oneMoreIsSilent = two.map((one) => ({ ...one, unansweredLately: 1 }));
    const over = hoursPass(providerAccepts(awaitingPerson(oneMoreIsSilent), 1), 24);
    expect(statuses(over)).toEqual(['confirmed', 'closed']);
    expect(over.referral.offers[1]).toMatchObject({ code: 'closed-on-standby', hasHold: false });
    expect(over.referral.offers.map(isUnanswered)).toEqual([false, false]);
    expect(messagesSentIn(over.history).held).toEqual([offerIdOf(over)]);
    expect(alertsOf(over)).not.toContain('service-not-answering');
  });

  it('is not confirmed after it has closed; the service may then be asked again', () => {
    const [first, second] = two;
    const no = personAnswers(hoursPass(standsBy(), 24), false);
    expect(no.types).toEqual(['PersonDeclined', 'SearchDecided', 'ServiceAsked']);
    expect(no.referral.offers.map((offer) => offer.serviceId).sort()).toEqual(
      [first?.serviceId, second?.serviceId, no.referral.offers[1]?.serviceId].sort(),
    );
  });

  it('that its service withdraws is not confirmed next', () => {
    const onStandby = standsBy();
    const gone = when(onStandby, (r, k) =>
      declineOffer(r, offerIdOf(onStandby, 1), { code: 'full', noteId: undefined }, k),
    );
    expect(personAnswers(gone, false).types).not.toContain('ConfirmationRequested');
  });
});

it('an offer that closes without an answer is unanswered, and one that is open or was declined is not', () => {
  const asked = providerHolds(requestScenario(two));
  const declined = when(asked, (r, k) =>
    declineOffer(r, offerIdOf(asked), { code: 'full', noteId: undefined }, k),
  );
  expect(declined.referral.offers.map(isUnanswered)).toEqual([false, false]);
  expect(asked.referral.offers.map(isUnanswered)).toEqual([false, false]);
  expect(hoursPass(asked, 24).referral.offers.map(isUnanswered)[0]).toBe(true);
});
