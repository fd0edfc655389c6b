import { describe, expect, it } from 'vitest';
import { reviewBasis } from './basis.ts';
import type { ReferralEvent } from './events.ts';
import { referralOfFormerMember } from './leave-party.ts';
import { judge } from './matching/eligibility.ts';
import type { Service } from './matching/service.ts';
import { override } from './override.ts';
import { amendNeed } from './request.ts';
import { knowledgeAt, need, pack, service, stateAfter } from './saga.fixture.ts';
import {
  asMap,
  awaitingPerson,
  memberIdOf,
  minutesPass,
  personAnswers,
  providerHolds,
  references,
  requestScenario,
  type Scenario,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const leaves = (scenario: Scenario, nth: number): Scenario =>
  when(scenario, (r, k) =>
    withdrawReferral(r, { memberId: memberIdOf(scenario, nth), code: 'own-wish' }, k),
  );
/** Two people who wait for a basis, because the vault has announced none for the second. */
const oneWithoutBasis = (): Scenario =>
  requestScenario(four, { urgency: 'urgent', party: ['no', 'no'], known: [withPermission(0)] });

describe('when a member leaves a party', () => {
  it('the basis of those who remain is enough', () => {
    const waiting = oneWithoutBasis();
    expect(waiting.referral.stage.name).toBe('waiting-for-basis');
    const left = leaves(waiting, 1);
    expect(left.types).toEqual([
      'MemberLeft',
      'AlertRaised',
      'ReferenceRegistered',
      'BasisFound',
      'SearchDecided',
      'ServiceAsked',
    ]);
    expect(minutesPass(left, 3).referral.stage.name).not.toBe('refused');
  });

  it('the referral still waits where a remaining member has no basis', () => {
    const left = leaves(oneWithoutBasis(), 0);
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised']);
    expect(left.referral.stage).toEqual(oneWithoutBasis().referral.stage);
    expect(minutesPass(left, 3).referral.stage).toEqual({ name: 'refused', code: 'basis-missing' });
  });

  it('a search that stopped because of the former member continues', () => {
    const asked = providerHolds(
      requestScenario(four, {
        urgency: 'urgent',
        party: ['no', 'no'],
        known: [withPermission(0), withPermission(1)],
      }),
    );
    const bases = asMap([withPermission(0), { ...withPermission(1), permissions: [] }]);
    const stopped = when({ ...asked, bases }, reviewBasis);
    expect(stopped.referral.stage.name).toBe('waiting-for-basis');
    expect(leaves(stopped, 1).types).toEqual(
      expect.arrayContaining(['BasisFound', 'ServiceAsked']),
    );
  });

  it('an emergency continues for those who remain, though the vault has given no basis for the former member', () => {
    const pair = providerHolds(requestScenario(four, { party: ['no', 'no'] }));
    const bases = asMap([{ ...withPermission(1), permissions: [] }]);
    const stopped = when({ ...pair, bases }, reviewBasis);
    expect(stopped.referral.stage.name).toBe('waiting-for-basis');
    const left = leaves(stopped, 1);
    expect(left.events).toContainEqual({ type: 'BasisFound', basis: 'vital-interest' });
    expect(left.types).toContain('ServiceAsked');
  });

  it('the others are asked again about the confirmed place', () => {
    const one = personAnswers(awaitingPerson(four, { party: ['no', 'no', 'no'] }), true);
    const left = leaves(one, 2);
    expect(left.referral.stage).toMatchObject({ name: 'awaiting-person', agreedMembers: [] });
  });
});

const asked = (events: readonly ReferralEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'ServiceAsked' ? [event.serviceId] : []));

describe('the referral of a former member of a party', () => {
  /** The referral that begins for the last former member. */
  const own = (scenario: Scenario, rules = pack) => {
    const left = scenario.events.find((event) => event.type === 'MemberLeft');
    if (!left) throw new Error('no member left');
    const knowledge = {
      ...knowledgeAt(scenario.now, scenario.services),
      bases: scenario.bases,
      pack: rules,
    };
    const events = referralOfFormerMember(scenario.referral, left, knowledge);
    return { left, events, referral: stateAfter(events) };
  };

  it('has the same need, urgency, basis and owner, for this person alone', () => {
    const party = requestScenario(four, { party: ['no', 'yes'] });
    const amended = when(party, (r, k) => amendNeed(r, { ...need, languages: ['en'] }, k));
    const { referral, left } = own(leaves(amended, 1));
    expect(referral).toMatchObject({
      referralId: left.memberReferralId,
      ownerOrg: party.referral.ownerOrg,
      need: amended.referral.need,
      urgency: 'emergency',
      basis: 'vital-interest',
      party: [{ caseReference: references[1], underEighteen: 'yes' }],
    });
    expect(left.memberReferralId).not.toBe(party.referral.referralId);
  });

  it('begins also where a newer pack has neither the need nor the basis any more', () => {
    const newer = { ...pack, needs: [], emergencyBases: [] };
    const { referral } = own(leaves(requestScenario(four, { party: ['no', 'no'] }), 1), newer);
    expect(referral).toMatchObject({
      basis: 'vital-interest',
      unitKind: 'bed',
      purposes: ['accommodation', 'immediate-protection'],
      stage: { name: 'searching' },
    });
  });

  it('is searched for at once where a basis is valid', () => {
    const { events } = own(leaves(requestScenario(four, { party: ['no', 'no'] }), 1));
    expect(events.map((event) => event.type)).toEqual([
      'ReferralRequested',
      'SearchDecided',
      'ServiceAsked',
      'ServiceAsked',
    ]);
    const permittedToo = requestScenario(four, {
      urgency: 'urgent',
      party: ['no', 'no'],
      known: [withPermission(0), withPermission(1)],
    });
    expect(own(leaves(permittedToo, 1)).referral.stage.name).toBe('searching');
  });

  it('does not ask again, until the need changes, a service that they or the party declined', () => {
    const declined = personAnswers(awaitingPerson(four, { party: ['no', 'no'] }), false, 1);
    const anew = {
      action: 'restart-search',
      code: 'wish-of-the-person',
      serviceId: undefined,
    } as const;
    const together = when(awaitingPerson(four, { party: ['no', 'no'] }), (r, k) =>
      override(r, anew, k),
    );
    for (const scenario of [declined, leaves(together, 1)]) {
      const [place] = scenario.referral.offers;
      const { events, referral } = own(scenario);
      expect(asked(events)).toHaveLength(2);
      expect(asked(events)).not.toContain(place?.serviceId);
      const rules = { referral, bases: scenario.bases, pack, now: scenario.now };
      const service = scenario.services.find(
        ({ serviceId }) => serviceId === place?.serviceId,
      ) as Service;
      expect(judge(rules, service).failed).toEqual(['PERSON_DECLINED']);
      expect(
        judge({ ...rules, referral: { ...referral, needVersion: 2 } }, service).failed,
      ).toEqual([]);
    }
  });

  it('waits for a basis of its own where the person has none', () => {
    expect(own(leaves(oneWithoutBasis(), 1)).referral.stage.name).toBe('waiting-for-basis');
  });
});
