import { hours, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { bedNotAvailable } from './confirming.ts';
import { stayChanged } from './journey.ts';
import { isUnanswered } from './offer.ts';
import { override } from './override.ts';
import { service } from './saga.fixture.ts';
import { saidIn } from './said.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  begin,
  held,
  id,
  passes,
  says,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';

const two = Array.from({ length: 2 }, () => service('by-offer'));
/** One place is confirmed, and a second service has said yes and waits. */
const standsBy = (): Walk => yes(awaitingPerson(two), 1);
const hoursPass = (walk: Walk, count: number): Walk =>
  Array.from({ length: count }).reduce<Walk>((before) => passes(before, hours(1) / minutes(1)), walk);

/** Each way in which the first place is lost or not wanted. */
const waysBack: [how: string, back: (walk: Walk) => Walk][] = [
  ['the person says no', (walk) => says(walk, false)],
  ['the place is lost', (walk) => when(walk, (r, k) => bedNotAvailable(r, id(walk), 'not-possible-here', k))],
  ['the shelter closes', (walk) => when(walk, (r, k) => stayChanged(r, id(walk), 'site-closed', true, k))],
  ['the coordinator searches anew', (walk) => searchesAnew(walk, 'local-knowledge')],
  ['the person wishes another place', (walk) => searchesAnew(walk, 'wish-of-the-person')],
];
const searchesAnew = (walk: Walk, code: string): Walk =>
  when(walk, (r, k) => override(r, { action: 'search-anew', code, serviceId: undefined }, k));

describe('a yes that stands by', () => {
  it.each(waysBack)('is confirmed next when %s', (_how, back) => {
    const next = back(standsBy());
    expect(next.types).toContain('ConfirmationAsked');
    expect(next.referral.stage).toMatchObject({ name: 'confirming', offerId: id(next, 1) });
  });

  it('gives its unit back at its soft deadline and goes on standing by', () => {
    const soft = hoursPass(standsBy(), 1);
    expect(statuses(soft)).toEqual(['confirmed', 'standby']);
    expect(saidIn(soft.history).held).toEqual([id(soft)]);
    expect(says(soft, false).types).toContain('ConfirmationAsked');
  });

  it('closes when its time is over, gives its unit back, and is not counted as an unanswered offer', () => {
    const oneMoreIsSilent = two.map((one) => ({ ...one, unansweredLately: 1 }));
    const over = hoursPass(yes(awaitingPerson(oneMoreIsSilent), 1), 24);
    expect(statuses(over)).toEqual(['confirmed', 'closed']);
    expect(over.referral.offers[1]).toMatchObject({ code: 'stood-by', holds: false });
    expect(over.referral.offers.map(isUnanswered)).toEqual([false, false]);
    expect(saidIn(over.history).held).toEqual([id(over)]);
    expect(alertsOf(over)).not.toContain('silent-service');
  });

  it('is not the next one any more when it has closed; the service may then be asked again', () => {
    const [first, second] = two;
    const no = says(hoursPass(standsBy(), 24), false);
    expect(no.types).toEqual(['PersonDeclined', 'SearchDecided', 'ServiceAsked']);
    expect(no.referral.offers.map((offer) => offer.serviceId).sort()).toEqual(
      [first?.serviceId, second?.serviceId, no.referral.offers[1]?.serviceId].sort(),
    );
  });

  it('that is taken back by its service is not the next one', () => {
    const standing = standsBy();
    const gone = when(standing, (r, k) => declineOffer(r, id(standing, 1), { code: 'full', noteId: undefined }, k));
    expect(says(gone, false).types).not.toContain('ConfirmationAsked');
  });
});

it('an offer that closes without an answer is unanswered, and one that is open or was declined is not', () => {
  const asked = held(begin(two));
  const declined = when(asked, (r, k) => declineOffer(r, id(asked), { code: 'full', noteId: undefined }, k));
  expect(declined.referral.offers.map(isUnanswered)).toEqual([false, false]);
  expect(asked.referral.offers.map(isUnanswered)).toEqual([false, false]);
  expect(hoursPass(asked, 24).referral.offers.map(isUnanswered)[0]).toBe(true);
});
