import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { basis, hour, noon, opened, permission, rules, given as said } from '../case.fixture.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Refusal } from './given.ts';
import { leftOfReceivers } from './left.ts';
import { refusePermission } from './refusal.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const no = (more: Partial<Refusal> = {}): Refusal => ({
  ...{ refusalId: 'n1', purpose: 'accommodation', sections: ['health'], organisationIds: [] },
  ...{ serviceClasses: ['safe-accommodation'], given: said({ at: noon }), ...more },
});
const refuses =
  (more: Partial<Refusal> = {}) =>
  (file: CaseFile) =>
    refusePermission(file, no(more), rules, hour(1));

describe('a refusal', () => {
  it('is recorded as plainly as a yes', () =>
    given(opened).when(refuses()).then({ type: 'PermissionRefused', refusal: no() }));

  it('is recorded once, names somebody, and was explained', () => {
    given(opened, { type: 'PermissionRefused', refusal: no() }).when(refuses()).refused('already-exists', 'refusal_id');
    given(opened)
      .when(refuses({ serviceClasses: [] }))
      .refused('nobody-named', 'organisation_ids');
    given(opened)
      .when(refuses({ given: said({ explained: [] }) }))
      .refused('not-explained', 'explained');
  });

  it('is recorded beside another one under another id', () =>
    given(opened, { type: 'PermissionRefused', refusal: no() })
      .when(refuses({ refusalId: 'n2' }))
      .then('PermissionRefused'));

  it('of a child counts, and of somebody who could not decide: a no needs nobody else', () => {
    for (const event of [
      { type: 'AgeRecorded', age: 'child' },
      { type: 'CapacityRecorded', capacity: lacks },
    ] as const)
      given(opened, event).when(refuses()).then('PermissionRefused');
  });

  it('takes out of what stands in for her word whom it names, for that purpose and no other', () => {
    given(opened, standIn('b1', 'accommodation'), standIn('b2', 'health-care'))
      .when(refuses())
      .then('PermissionRefused', { type: 'BasisNarrowed', basisId: 'b1' });
    given(opened, standIn('b1', 'accommodation'))
      .when(refuses({ sections: ['identity'] }))
      .then('PermissionRefused');
  });

  it('ends it where nobody is left whom it reaches', () =>
    given(opened, standIn('b1', 'accommodation', { receivers }))
      .when(refuses())
      .then('PermissionRefused', { type: 'BasisEnded', basisId: 'b1', at: hour(1) }));

  it('of one section of two leaves what stands in for the other', () =>
    given(opened, standIn('b1', 'accommodation', { receivers, sections: ['health', 'identity'] }))
      .when(refuses())
      .then('PermissionRefused', { type: 'BasisNarrowed', basisId: 'b1' }));

  it('to another controller ends what that controller relied on, and to a class does not', () => {
    const theirs = standIn('b1', 'accommodation', { receivers, controller: 'clinic' });
    given(opened, theirs)
      .when(refuses({ organisationIds: ['clinic'], serviceClasses: [] }))
      .then('PermissionRefused', { type: 'BasisEnded', basisId: 'b1' });
    given(opened, theirs).when(refuses()).then('PermissionRefused', 'BasisNarrowed');
  });

  it('is no answer for the others: while something still stands in for her word she is asked', () => {
    const asked: CaseFileEvent = {
      type: 'PledgeMade',
      pledge: { code: 'ask-anew', about: 'accommodation', due: hour(9) },
    };
    given(opened, standIn('b1', 'accommodation', { receivers }), asked)
      .when(refuses({ serviceClasses: [], organisationIds: ['org-1'] }))
      .then('PermissionRefused', 'BasisNarrowed');
    given(opened, standIn('b1', 'accommodation', { receivers }), asked)
      .when(refuses())
      .then('PermissionRefused', 'BasisEnded', { type: 'PledgeKept', code: 'ask-anew', about: 'accommodation' });
  });
});

const { receivers } = permission();
const standIn = (basisId: string, purpose: string, more: Partial<LegalBasis> = {}): CaseFileEvent => ({
  type: 'BasisRecorded',
  basis: { ...basis({ basisId, purpose }), standsIn: true, endedAt: undefined, ...more },
});
const lacks = { decision: 'permission-to-share', able: false, reason: 'unconscious', askAgainAt: hour(5) };

describe('the last word counts', () => {
  const yes = permission({ sections: ['health', 'identity'], given: said({ at: hour(-2) }) });
  const left = (section: string, ...refusals: Refusal[]) => leftOfReceivers(yes, refusals, section);

  it('takes its receivers out of an earlier yes, section by section', () => {
    expect(left('health', no()).serviceClasses).toEqual([]);
    expect(left('identity', no()).serviceClasses).toEqual(['safe-accommodation']);
  });

  it('leaves a later yes, and another purpose, as they are', () => {
    expect(left('health', no({ given: said({ at: hour(-3) }) })).serviceClasses).toEqual(['safe-accommodation']);
    expect(left('health', no({ purpose: 'health-care' })).serviceClasses).toEqual(['safe-accommodation']);
  });

  it('is the no where both were said at the same moment', () => {
    expect(left('health', no({ given: said({ at: hour(-2) }) })).serviceClasses).toEqual([]);
  });

  it('takes one organisation out of those that are named', () => {
    const named = { ...yes, receivers: { ...receivers, organisationIds: ['org-1', 'org-2'] } };
    const gone = no({ serviceClasses: [], organisationIds: ['org-1'] });
    expect(leftOfReceivers(named, [gone], 'health').organisationIds).toEqual(['org-2']);
  });

  it('takes one organisation out of a class that may receive', () => {
    const { serviceClasses, excludedOrganisationIds } = left(
      'health',
      no({ serviceClasses: [], organisationIds: ['org-1'] }),
    );
    expect({ serviceClasses, excludedOrganisationIds }).toEqual({
      ...{ serviceClasses: ['safe-accommodation'], excludedOrganisationIds: ['org-1'] },
    });
  });

  it('keeps out whom she refused by name, also of a class that she permits later, until she names them herself', () => {
    const named = no({ serviceClasses: [], organisationIds: ['org-1'], given: said({ at: hour(-3) }) });
    expect(left('health', named).excludedOrganisationIds).toEqual(['org-1']);
    const again = permission({ receivers: { ...receivers, organisationIds: ['org-1'] } });
    expect(leftOfReceivers(again, [{ ...named, given: said({ at: hour(-30) }) }], 'health')).toMatchObject({
      ...{ organisationIds: ['org-1'], excludedOrganisationIds: [] },
    });
  });
});
