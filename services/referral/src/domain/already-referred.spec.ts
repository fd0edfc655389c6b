import { describe, expect, it } from 'vitest';
import { liveFor, whyNotReplace } from './already-referred.ts';
import type { CaseReference } from './need.ts';
import { service } from './saga.fixture.ts';
import { begin, references, type Walk, when } from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const [first, second, third] = references as [CaseReference, CaseReference, CaseReference];
const shelters = [service('by-offer')];
const alone = begin(shelters);
const pair = begin(shelters, { party: ['no', 'no'] });
const withdrawn = (walk: Walk): Walk =>
  when(walk, (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));

describe('the live referrals of some cases', () => {
  const all = [alone.referral, pair.referral, withdrawn(pair).referral];

  it('are those that are not over and in which one of the cases is', () => {
    expect(liveFor(all, [second])).toEqual([pair.referral]);
    expect(liveFor(all, [first, third])).toEqual([alone.referral, pair.referral]);
    expect(liveFor(all, [third])).toEqual([]);
  });
});

describe('a referral', () => {
  it('may be replaced where everybody in it is asked for again', () =>
    expect(whyNotReplace(pair.referral, [first, second, third])).toBeUndefined());

  it('may not be replaced where one of its people is asked for no more', () =>
    expect(whyNotReplace(pair.referral, [first, third])).toEqual({
      kind: 'refused',
      refusal: 'other-people',
      field: 'replaces_referral_id',
    }));

  it('that is not known cannot be replaced', () =>
    expect(whyNotReplace(undefined, [])).toEqual({
      kind: 'refused',
      refusal: 'not-found',
      field: 'replaces_referral_id',
    }));
});
