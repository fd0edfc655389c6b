import { describe, expect, it } from 'vitest';
import { vaultSpoke } from './basis.ts';
import type { ReferralEvent } from './events.ts';
import { referralOfLeaver } from './leaving.ts';
import { judge } from './matching/eligibility.ts';
import type { Service } from './matching/service.ts';
import { override } from './override.ts';
import { amendNeed } from './request.ts';
import { knowing, need, pack, service, stateAfter } from './saga.fixture.ts';
import {
  asMap,
  awaitingPerson,
  begin,
  held,
  memberId,
  passes,
  permitted,
  references,
  says,
  type Walk,
  when,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const leaves = (walk: Walk, nth: number): Walk =>
  when(walk, (r, k) => withdrawReferral(r, { memberId: memberId(walk, nth), code: 'own-wish' }, k));
/** Two people who wait for a basis, since the vault has said nothing of the second. */
const oneWithoutBasis = (): Walk => begin(four, { urgency: 'urgent', party: ['no', 'no'], known: [permitted(0)] });

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
    expect(passes(left, 3).referral.stage.name).not.toBe('refused');
  });

  it('the others go on waiting where one of them has no basis', () => {
    const left = leaves(oneWithoutBasis(), 0);
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised']);
    expect(left.referral.stage).toEqual(oneWithoutBasis().referral.stage);
    expect(passes(left, 3).referral.stage).toEqual({ name: 'refused', code: 'basis-missing' });
  });

  it('a search that stopped for the permission of the one who left goes on', () => {
    const asked = held(begin(four, { urgency: 'urgent', party: ['no', 'no'], known: [permitted(0), permitted(1)] }));
    const bases = asMap([permitted(0), { ...permitted(1), permissions: [] }]);
    const stopped = when({ ...asked, bases }, vaultSpoke);
    expect(stopped.referral.stage.name).toBe('waiting-for-basis');
    expect(leaves(stopped, 1).types).toEqual(expect.arrayContaining(['BasisFound', 'ServiceAsked']));
  });

  it('an emergency goes on for those who remain, though the vault has given no basis for the one who left', () => {
    const pair = held(begin(four, { party: ['no', 'no'] }));
    const bases = asMap([{ ...permitted(1), permissions: [] }]);
    const stopped = when({ ...pair, bases }, vaultSpoke);
    expect(stopped.referral.stage.name).toBe('waiting-for-basis');
    const left = leaves(stopped, 1);
    expect(left.events).toContainEqual({ type: 'BasisFound', basis: 'vital-interest' });
    expect(left.types).toContain('ServiceAsked');
  });

  it('the others are asked again about the confirmed place', () => {
    const one = says(awaitingPerson(four, { party: ['no', 'no', 'no'] }), true);
    const left = leaves(one, 2);
    expect(left.referral.stage).toMatchObject({ name: 'awaiting-person', agreed: [] });
  });
});

const asked = (events: readonly ReferralEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'ServiceAsked' ? [event.serviceId] : []));

describe('whoever left a party', () => {
  /** The referral that begins for whoever left last. */
  const own = (walk: Walk, rules = pack) => {
    const left = walk.events.find((event) => event.type === 'MemberLeft');
    if (!left) throw new Error('nobody left');
    const knowledge = { ...knowing(walk.now, walk.services), bases: walk.bases, pack: rules };
    const events = referralOfLeaver(walk.referral, left, knowledge);
    return { left, events, referral: stateAfter(events) };
  };

  it('gets a referral with the same need, urgency, basis and owner, for them alone', () => {
    const party = begin(four, { party: ['no', 'yes'] });
    const amended = when(party, (r, k) => amendNeed(r, { ...need, languages: ['en'] }, k));
    const { referral, left } = own(leaves(amended, 1));
    expect(referral).toMatchObject({
      referralId: left.ownReferralId,
      ownerOrg: party.referral.ownerOrg,
      need: amended.referral.need,
      urgency: 'emergency',
      basis: 'vital-interest',
      party: [{ caseReference: references[1], underEighteen: 'yes' }],
    });
    expect(left.ownReferralId).not.toBe(party.referral.referralId);
  });

  it('gets one too where a newer pack knows the need and the basis no more', () => {
    const newer = { ...pack, needs: [], basesAcceptedAlone: [] };
    const { referral } = own(leaves(begin(four, { party: ['no', 'no'] }), 1), newer);
    expect(referral).toMatchObject({ basis: 'vital-interest', unitKind: 'bed', stage: { name: 'searching' } });
  });

  it('is searched for at once, where a basis stands', () => {
    const { events } = own(leaves(begin(four, { party: ['no', 'no'] }), 1));
    expect(events.map((event) => event.type)).toEqual([
      'ReferralRequested',
      'SearchDecided',
      'ServiceAsked',
      'ServiceAsked',
    ]);
    const permittedToo = begin(four, { urgency: 'urgent', party: ['no', 'no'], known: [permitted(0), permitted(1)] });
    expect(own(leaves(permittedToo, 1)).referral.stage.name).toBe('searching');
  });

  it('is not sent again to what they, or the party before they left, said no to, until what they need changes', () => {
    const declined = says(awaitingPerson(four, { party: ['no', 'no'] }), false, 1);
    const anew = { action: 'search-anew', code: 'wish-of-the-person', serviceId: undefined } as const;
    const together = when(awaitingPerson(four, { party: ['no', 'no'] }), (r, k) => override(r, anew, k));
    for (const walk of [declined, leaves(together, 1)]) {
      const [place] = walk.referral.offers;
      const { events, referral } = own(walk);
      expect(asked(events)).toHaveLength(2);
      expect(asked(events)).not.toContain(place?.serviceId);
      const rules = { referral, bases: walk.bases, pack, now: walk.now };
      const service = walk.services.find(({ serviceId }) => serviceId === place?.serviceId) as Service;
      expect(judge(rules, service).failed).toEqual(['PERSON_DECLINED']);
      expect(judge({ ...rules, referral: { ...referral, needVersion: 2 } }, service).failed).toEqual([]);
    }
  });

  it('waits for a basis of their own where they have none', () => {
    expect(own(leaves(oneWithoutBasis(), 1)).referral.stage.name).toBe('waiting-for-basis');
  });
});
