import { after, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { acknowledgeAlert } from './alerts.ts';
import { reviewBasis } from './basis.ts';
import { referralOfFormerMember } from './leave-party.ts';
import { type CaseBasis, withAge } from './matching/basis.ts';
import type { UnderEighteen } from './need.ts';
import { knowledgeAt, monday, service, stateAfter } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  awaitingPerson,
  memberIdOf,
  offerIdOf,
  personAnswers,
  requestScenario,
  type Scenario,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { serviceChanged, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const leaves = (scenario: Scenario, nth: number, afterMinutes = 0): Scenario =>
  when(
    scenario,
    (r, k) => withdrawReferral(r, { memberId: memberIdOf(scenario, nth), code: 'own-wish' }, k),
    afterMinutes,
  );
const own = (scenario: Scenario): Scenario => {
  const left = scenario.events.find((event) => event.type === 'MemberLeft');
  if (!left) throw new Error('no member left');
  const knowledge = { ...knowledgeAt(scenario.now, four), bases: scenario.bases };
  const events = referralOfFormerMember(scenario.referral, left, knowledge);
  return { ...scenario, referral: stateAfter(events), events, types: [], history: events };
};
const recorded = (nth: number, underEighteen: UnderEighteen, at = monday): CaseBasis =>
  withAge(withPermission(nth), { underEighteen, at });
const treated = ({ referral }: Scenario) =>
  referral.party.map(({ underEighteen }) => underEighteen);

describe('a doubt about a former member of a party ends', () => {
  it('by a record of full age that was made after the request, and arrives after the member left', () => {
    const party = requestScenario(four, {
      party: ['no', 'unsure'],
      known: [withPermission(0), withPermission(1)],
    });
    const alone = own(leaves(party, 1, 60));
    expect(treated(alone)).toEqual(['unsure']);
    // The record was made half an hour after the request, and half an hour before the member left.
    const bases = asMap([recorded(1, 'no', after(monday, minutes(30)))]);
    expect(treated(when({ ...alone, bases }, reviewBasis))).toEqual(['no']);
  });

  it('when the unread message is read, because the request stated full age', () => {
    const unread = { ...withPermission(1), isAgeUnread: true };
    const party = requestScenario(four, {
      party: ['no', 'no'],
      known: [withPermission(0), unread],
    });
    expect(treated(party)).toEqual(['no', 'unsure']);
    const alone = own(leaves(party, 1, 60));
    const bases = asMap([{ ...withPermission(1), isAgeUnread: false }]);
    // In the party the doubt ends here too.
    expect(
      treated(
        when({ ...party, bases: asMap([withPermission(0), withPermission(1)]) }, reviewBasis),
      ),
    ).toEqual(['no', 'no']);
    expect(treated(when({ ...alone, bases }, reviewBasis))).toEqual(['no']);
  });
});

it('a person of a party who is missing stays missing when the others move on', () => {
  const both = personAnswers(
    personAnswers(awaitingPerson(four, { party: ['no', 'no'] }), true),
    true,
    1,
  );
  const offerId = offerIdOf(both);
  const there = when(both, (r, k) => serviceStarted(r, offerId, k.now, k));
  const missing = when(there, (r, k) => serviceChanged(r, offerId, 'missing', false, k));
  expect(alertsOf(missing)).toContain('person-missing');
  const left = when(missing, (r, k) => serviceChanged(r, offerId, 'moved-on', true, k));
  expect(alertsOf(left)).toContain('person-missing');
});

it('a report of a missing person of a party raises an alert again after the alert about the first was acknowledged', () => {
  const both = personAnswers(
    personAnswers(awaitingPerson(four, { party: ['no', 'no'] }), true),
    true,
    1,
  );
  const offerId = offerIdOf(both);
  const there = when(both, (r, k) => serviceStarted(r, offerId, k.now, k));
  const first = when(there, (r, k) => serviceChanged(r, offerId, 'missing', false, k));
  const alert = first.referral.alerts.find(({ code }) => code === 'person-missing');
  const seen = when(first, (r) => acknowledgeAlert(r, alert?.alertId ?? '', alert?.ownerRole));
  const second = when(seen, (r, k) => serviceChanged(r, offerId, 'missing', false, k));
  expect(second.types).toEqual(['ServiceChanged', 'AlertResolved', 'AlertRaised']);
});
