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
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { ConsentDenial, LegalBasis } from './consent-records.ts';
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

describe('a denial', () => {
  it('is recorded as it was given', () =>
    given(caseOpened).when(denies()).then({ type: 'DenialRecorded', denial: denial() }));

  it('is refused under an id that exists, without a receiver, or without the explanations', () => {
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

  it('is recorded beside an equal one with another id', () =>
    given(caseOpened, { type: 'DenialRecorded', denial: denial() })
      .when(denies({ denialId: 'n2' }))
      .then('DenialRecorded'));

  it('is accepted from a child and from a person without capacity', () => {
    for (const event of [
      { type: 'AgeRecorded', age: 'child', at: hour(0) },
      { type: 'CapacityRecorded', capacity: lacks },
    ] as const)
      given(caseOpened, event).when(denies()).then('DenialRecorded');
  });

  it('narrows a substitute basis with the same purpose and a common section', () => {
    given(caseOpened, substitute('b1', 'accommodation'), substitute('b2', 'health-care'))
      .when(denies())
      .then('DenialRecorded', { type: 'BasisNarrowed', basisId: 'b1' });
    given(caseOpened, substitute('b1', 'accommodation'))
      .when(denies({ sections: ['identity'] }))
      .then('DenialRecorded');
  });

  it('ends a substitute basis that has no receiver left', () =>
    given(caseOpened, substitute('b1', 'accommodation', { receivers }))
      .when(denies())
      .then('DenialRecorded', { type: 'BasisEnded', basisId: 'b1', at: hour(1) }));

  it('of one section narrows a substitute basis of two sections and does not end it', () =>
    given(
      caseOpened,
      substitute('b1', 'accommodation', { receivers, sections: ['health', 'identity'] }),
    )
      .when(denies())
      .then('DenialRecorded', { type: 'BasisNarrowed', basisId: 'b1' }));

  it('of another controller ends the basis of that controller; a denial of a class only narrows it', () => {
    const theirs = substitute('b1', 'accommodation', { receivers, controller: 'clinic' });
    given(caseOpened, theirs)
      .when(denies({ organisationIds: ['clinic'], serviceClasses: [] }))
      .then('DenialRecorded', { type: 'BasisEnded', basisId: 'b1' });
    given(caseOpened, theirs).when(denies()).then('DenialRecorded', 'BasisNarrowed');
  });

  it('meets the deadline to ask for consent only when no receiver of the substitute basis is left', () => {
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

describe('effectiveReceivers', () => {
  const permitted = permission({
    sections: ['health', 'identity'],
    given: consentGiven({ at: hour(-2) }),
  });
  const effective = (section: string, ...denials: ConsentDenial[]) =>
    effectiveReceivers(permitted, denials, section);

  it('removes the receivers of a later denial from a permission, section by section', () => {
    expect(effective('health', denial()).serviceClasses).toEqual([]);
    expect(effective('identity', denial()).serviceClasses).toEqual(['safe-accommodation']);
  });

  it('ignores a denial that is earlier than the permission or for another purpose', () => {
    expect(
      effective('health', denial({ given: consentGiven({ at: hour(-3) }) })).serviceClasses,
    ).toEqual(['safe-accommodation']);
    expect(effective('health', denial({ purpose: 'health-care' })).serviceClasses).toEqual([
      'safe-accommodation',
    ]);
  });

  it('lets the denial prevail when both were stated at the same moment', () => {
    expect(
      effective('health', denial({ given: consentGiven({ at: hour(-2) }) })).serviceClasses,
    ).toEqual([]);
  });

  it('removes one denied organisation from several named ones', () => {
    const named = {
      ...permitted,
      receivers: { ...receivers, organisationIds: ['org-1', 'org-2'] },
    };
    const removed = denial({ serviceClasses: [], organisationIds: ['org-1'] });
    expect(effectiveReceivers(named, [removed], 'health').organisationIds).toEqual(['org-2']);
  });

  it('excludes one denied organisation from a permitted service class', () => {
    const { serviceClasses, excludedOrganisationIds } = effective(
      'health',
      denial({ serviceClasses: [], organisationIds: ['org-1'] }),
    );
    expect({ serviceClasses, excludedOrganisationIds }).toEqual({
      serviceClasses: ['safe-accommodation'],
      excludedOrganisationIds: ['org-1'],
    });
  });

  it('keeps an organisation excluded from a class that is permitted later, until a permission names it', () => {
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
