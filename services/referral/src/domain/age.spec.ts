import { describe, expect, it } from 'vitest';
import { ageReviewed } from './basis.ts';
import { service } from './saga.fixture.ts';
import { alertsOf, awaitingPerson, begin, held, references, says, type Walk, when } from './walk.fixture.ts';

const four = Array.from({ length: 4 }, () => service('by-offer'));
const asked = (): Walk => held(held(begin(four)), 1);

describe('an age that is in dispute', () => {
  const disputed = (walk: Walk): Walk => when(walk, ageReviewed(references[0] ?? '', 'unsure'));

  it('takes back what was asked of services that are not for a person of disputed age', () => {
    expect(disputed(asked()).referral.offers.map(({ status, code }) => [status, code])).toEqual([
      ['withdrawn', 'AGE'],
      ['withdrawn', 'AGE'],
    ]);
  });

  it('leaves a promised place, and tells a person once', () => {
    const told = disputed(awaitingPerson(four));
    expect(alertsOf(told)).toEqual(['age-changed', 'place-unsafe']);
    expect(told.referral.stage.name).toBe('awaiting-person');
    expect(disputed(told).no).toBe('nothing-changes');
  });

  it('is settled: whoever is an adult is treated as one again, and whoever is a child as a child', () => {
    const settles = (walk: Walk, as: 'yes' | 'no'): Walk => when(walk, ageReviewed(references[0] ?? '', as));
    const treated = (walk: Walk) => walk.referral.party.map(({ underEighteen }) => underEighteen);
    const told = disputed(awaitingPerson(four));
    expect(treated(settles(told, 'no'))).toEqual(['no']);
    expect(says(settles(told, 'no'), true, 0, false).types).toContain('PersonAgreed');
    expect(treated(settles(told, 'yes'))).toEqual(['yes']);
    expect(says(settles(told, 'yes'), true, 0, false).no).toBe('child-view-not-heard');
  });

  it('changes no member but the one whose age it is', () => {
    const pair = disputed(begin(four, { party: ['no', 'no'] }));
    expect(pair.referral.party.map(({ underEighteen }) => underEighteen)).toEqual(['unsure', 'no']);
  });
});
