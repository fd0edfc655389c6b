import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  basis,
  caseOpened,
  given as consentGiven,
  hour,
  noon,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { ConsentDenial } from './consent-records.ts';
import { recordDenial } from './denial.ts';
import { effectiveReceivers } from './effective-receivers.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const denial = (more: Partial<ConsentDenial> = {}): ConsentDenial => ({
  denialId: 'n1',
  purpose: 'accommodation',
  sections: ['health'],
  organisationIds: [],
  serviceClasses: ['safe-accommodation'],
  given: consentGiven({ at: noon }),
  ...more,
});
const denies =
  (more: Partial<ConsentDenial> = {}) =>
  (file: CaseFile) =>
    recordDenial(file, denial(more), rules, hour(1));

describe('a refusal', () => {
  it('is recorded as plainly as a yes', () =>
    given(caseOpened).when(denies()).then({ type: 'DenialRecorded', denial: denial() }));

  it('is recorded once, names somebody, and was explained', () => {
    given(caseOpened, { type: 'DenialRecorded', denial: denial() })
      .when(denies())
      .refused('already-exists', 'denial_id');
    given(caseOpened)
      .when(denies({ serviceClasses: [] }))
      .refused('receiver-missing', 'organisation_ids');
    given(caseOpened)
      .when(denies({ given: consentGiven({ explained: [] }) }))
      .refused('not-explained', 'explained');
  });

  it('is recorded beside another one under another id', () =>
    given(caseOpened, { type: 'DenialRecorded', denial: denial() })
      .when(denies({ denialId: 'n2' }))
      .then('DenialRecorded'));

  it('of a child counts, and of somebody who could not decide: a no needs nobody else', () => {
    for (const event of [
      { type: 'AgeRecorded', age: 'child' },
      { type: 'CapacityRecorded', capacity: lacks },
    ] as const)
      given(caseOpened, event).when(denies()).then('DenialRecorded');
  });

  it('removes the receivers that it names from a substitute basis, for that purpose and no other', () => {
    given(caseOpened, substitute('b1', 'accommodation'), substitute('b2', 'health-care'))
      .when(denies())
      .then('DenialRecorded', { type: 'BasisNarrowed', basisId: 'b1' });
    given(caseOpened, substitute('b1', 'accommodation'))
      .when(denies({ sections: ['identity'] }))
      .then('DenialRecorded');
  });

  it('ends it where nobody is left whom it reaches', () =>
    given(caseOpened, substitute('b1', 'accommodation', { receivers }))
      .when(denies())
      .then('DenialRecorded', { type: 'BasisEnded', basisId: 'b1', at: hour(1) }));

  it('of one section of two leaves what stands in for the other', () =>
    given(
      caseOpened,
      substitute('b1', 'accommodation', { receivers, sections: ['health', 'identity'] }),
    )
      .when(denies())
      .then('DenialRecorded', { type: 'BasisNarrowed', basisId: 'b1' }));

  it('to another controller ends what that controller relied on, and to a class does not', () => {
    const theirs = substitute('b1', 'accommodation', { receivers, controller: 'clinic' });
    given(caseOpened, theirs)
      .when(denies({ organisationIds: ['clinic'], serviceClasses: [] }))
      .then('DenialRecorded', { type: 'BasisEnded', basisId: 'b1' });
    given(caseOpened, theirs).when(denies()).then('DenialRecorded', 'BasisNarrowed');
  });

  it('is no answer for the others: while a substitute basis is valid the person is asked', () => {
    const asked: CaseFileEvent = {
      type: 'DeadlineSet',
      deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(9) },
    };
    given(caseOpened, substitute('b1', 'accommodation', { receivers }), asked)
      .when(denies({ serviceClasses: [], organisationIds: ['org-1'] }))
      .then('DenialRecorded', 'BasisNarrowed');
    given(caseOpened, substitute('b1', 'accommodation', { receivers }), asked)
      .when(denies())
      .then('DenialRecorded', 'BasisEnded', {
        type: 'DeadlineMet',
        code: 'ask-consent-again',
        about: 'accommodation',
      });
  });
});

const { receivers } = permission();
const substitute = (
  basisId: string,
  purpose: string,
  more: Partial<LegalBasis> = {},
): CaseFileEvent => ({
  type: 'BasisRecorded',
  basis: { ...basis({ basisId, purpose }), isSubstitute: true, endedAt: undefined, ...more },
});
const lacks = {
  decision: 'permission-to-share',
  able: false,
  reason: 'unconscious',
  reassessAt: hour(5),
};

describe('the last statement counts', () => {
  const yes = permission({
    sections: ['health', 'identity'],
    given: consentGiven({ at: hour(-2) }),
  });
  const effective = (section: string, ...denials: ConsentDenial[]) =>
    effectiveReceivers(yes, denials, section);

  it('takes its receivers out of an earlier yes, section by section', () => {
    expect(effective('health', denial()).serviceClasses).toEqual([]);
    expect(effective('identity', denial()).serviceClasses).toEqual(['safe-accommodation']);
  });

  it('leaves a later yes, and another purpose, as they are', () => {
    expect(
      effective('health', denial({ given: consentGiven({ at: hour(-3) }) })).serviceClasses,
    ).toEqual(['safe-accommodation']);
    expect(effective('health', denial({ purpose: 'health-care' })).serviceClasses).toEqual([
      'safe-accommodation',
    ]);
  });

  it('is the no where both were said at the same moment', () => {
    expect(
      effective('health', denial({ given: consentGiven({ at: hour(-2) }) })).serviceClasses,
    ).toEqual([]);
  });

  it('takes one organisation out of those that are named', () => {
    const named = { ...yes, receivers: { ...receivers, organisationIds: ['org-1', 'org-2'] } };
    const removed = denial({ serviceClasses: [], organisationIds: ['org-1'] });
    expect(effectiveReceivers(named, [removed], 'health').organisationIds).toEqual(['org-2']);
  });

  it('takes one organisation out of a class that may receive', () => {
    const { serviceClasses, excludedOrganisationIds } = effective(
      'health',
      denial({ serviceClasses: [], organisationIds: ['org-1'] }),
    );
    expect({ serviceClasses, excludedOrganisationIds }).toEqual({
      serviceClasses: ['safe-accommodation'],
      excludedOrganisationIds: ['org-1'],
    });
  });

  it('excludes receivers that were denied by name, also of a class that is permitted later, until the person names them', () => {
    const named = denial({
      serviceClasses: [],
      organisationIds: ['org-1'],
      given: consentGiven({ at: hour(-3) }),
    });
    expect(effective('health', named).excludedOrganisationIds).toEqual(['org-1']);
    const again = permission({ receivers: { ...receivers, organisationIds: ['org-1'] } });
    expect(
      effectiveReceivers(again, [{ ...named, given: consentGiven({ at: hour(-30) }) }], 'health'),
    ).toMatchObject({
      organisationIds: ['org-1'],
      excludedOrganisationIds: [],
    });
  });
});
