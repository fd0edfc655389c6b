import { describe, expect, it } from 'vitest';
import { liveReferralsOf, replacementRefusal } from './already-referred.ts';
import type { CaseReference } from './need.ts';
import { service } from './saga.fixture.ts';
import { references, requestScenario, type Scenario, when } from './scenario.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const [first, second, third] = references as [CaseReference, CaseReference, CaseReference];
const shelters = [service('by-offer')];
const alone = requestScenario(shelters);
const pair = requestScenario(shelters, { party: ['no', 'no'] });
const withdrawn = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));

describe('the live referrals of some cases', () => {
  const all = [alone.referral, pair.referral, withdrawn(pair).referral];

  it('are the referrals that are not over and include one of the cases', () => {
    expect(liveReferralsOf(all, [second])).toEqual([pair.referral]);
    expect(liveReferralsOf(all, [first, third])).toEqual([alone.referral, pair.referral]);
    expect(liveReferralsOf(all, [third])).toEqual([]);
  });
});

describe('a referral', () => {
  it('may be replaced by a request that includes every member of it', () =>
    expect(replacementRefusal(pair.referral, [first, second, third])).toBeUndefined());

  it('may not be replaced by a request that leaves out one of its members', () =>
    expect(replacementRefusal(pair.referral, [first, third])).toEqual({
      kind: 'refused',
      refusal: 'members-left-out',
      field: 'replaces_referral_id',
    }));

  it('that is not known cannot be replaced', () =>
    expect(replacementRefusal(undefined, [])).toEqual({
      kind: 'refused',
      refusal: 'not-found',
      field: 'replaces_referral_id',
    }));
});
