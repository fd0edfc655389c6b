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
/** Two people who wait for a basis, since the vault has said nothing of the second. */
const oneWithoutBasis = (): Scenario =>
  requestScenario(four, { urgency: 'urgent', party: ['no', 'no'], known: [withPermission(0)] });

describe('when a member leaves a party', () => {
  it('the basis of those who remain counts: they do not wait for the one who left', () => {
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

  it('the others go on waiting where one of them has no basis', () => {
    const left = leaves(oneWithoutBasis(), 0);
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised']);
    expect(left.referral.stage).toEqual(oneWithoutBasis().referral.stage);
    expect(minutesPass(left, 3).referral.stage).toEqual({ name: 'refused', code: 'basis-missing' });
  });

  it('a search that stopped for the permission of the one who left goes on', () => {
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

  it('an emergency goes on for those who remain, though the vault has given no basis for the one who left', () => {
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

describe('whoever left a party', () => {
  /** The referral that begins for whoever left last. */
  const own = (scenario: Scenario, rules = pack) => {
    const left = scenario.events.find((event) => event.type === 'MemberLeft');
    if (!left) throw new Error('nobody left');
    const knowledge = {
      ...knowledgeAt(scenario.now, scenario.services),
      bases: scenario.bases,
      pack: rules,
    };
    const events = referralOfFormerMember(scenario.referral, left, knowledge);
    return { left, events, referral: stateAfter(events) };
  };

  it('gets a referral with the same need, urgency, basis and owner, for them alone', () => {
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

  it('gets one too where a newer pack knows the need and the basis no more', () => {
    const newer = { ...pack, needs: [], emergencyBases: [] };
    const { referral } = own(leaves(requestScenario(four, { party: ['no', 'no'] }), 1), newer);
    expect(referral).toMatchObject({
      basis: 'vital-interest',
      unitKind: 'bed',
      stage: { name: 'searching' },
    });
  });

  it('is searched for at once, where a basis stands', () => {
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

  it('is not sent again to what they, or the party before they left, said no to, until what they need changes', () => {
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

  it('waits for a basis of their own where they have none', () => {
    expect(own(leaves(oneWithoutBasis(), 1)).referral.stage.name).toBe('waiting-for-basis');
  });
});
