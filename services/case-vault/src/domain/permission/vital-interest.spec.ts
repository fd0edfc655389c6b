import { describe, expect, it } from 'vitest';
import {
  asking,
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { recordCapacity } from '../person/capacity.ts';
import { given, records } from './basis.fixture.ts';
import { reviewBasis } from './basis.ts';
import { recordDenial } from './denial.ts';
import { grantPermission } from './permission.ts';

describe('a substitute basis', () => {
  const vital = { code: 'vital-interest', cannotAskReason: 'acute-crisis' };
  const reviews =
    (by: string, isUpheld = true, now = hour(3)) =>
    (file: CaseFile) =>
      reviewBasis(file, { basisId: 'b1', by, isUpheld }, rules, now);

  const unable = {
    type: 'CapacityRecorded',
    capacity: {
      decision: 'permission-to-share',
      able: false,
      reason: 'unconscious',
      reassessAt: hour(5),
    },
  } as const;

  it('for vital interest needs a finding that the person cannot decide, or a reason why they cannot be asked', () => {
    given(caseOpened)
      .when(records({ code: 'vital-interest' }))
      .refused('can-be-asked', 'cannot_ask_reason');
    given(caseOpened, unable)
      .when(records({ code: 'vital-interest' }))
      .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, unable)
      .when(records({ code: 'vital-interest' }, hour(5)))
      .refused('can-be-asked', 'cannot_ask_reason');
    given(caseOpened).when(records(vital)).then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, { ...unable, capacity: { ...unable.capacity, decision: 'treatment' } })
      .when(records({ code: 'vital-interest' }))
      .refused('can-be-asked', 'cannot_ask_reason');
  });

  it('does not cover denied receivers', () => {
    const file = given(caseOpened, { type: 'DenialRecorded', denial: denial() })
      .when(records(vital))
      .state();
    expect(file.bases[0]?.ownChoices).toMatchObject([{ by: 'n1', organisationIds: ['org-1'] }]);
  });

  it('covers receivers that were denied for another purpose or permitted again since', () => {
    const denied = (more: Parameters<typeof denial>[0]): CaseFileEvent => ({
      type: 'DenialRecorded',
      denial: denial(more),
    });
    const again = permission({
      receivers: { ...permission().receivers, organisationIds: ['org-1'] },
      given: consentGiven({ at: hour(1) }),
    });
    for (const events of [
      [denied({ purpose: 'health-care' })],
      [denied({}), { type: 'PermissionGranted', permission: again } as const],
    ])
      expect(
        given(caseOpened, ...events)
          .when(records(vital))
          .state().bases[0]?.ownChoices,
      ).toBeUndefined();
  });

  it('is narrowed by a permission', () => {
    const permitted = permission({ validFrom: hour(2) });
    given(caseOpened)
      .when(records(vital))
      .and((file) => grantPermission(file, permitted, asking(hour(1))))
      .then('PermissionGranted', 'DeadlineSet', {
        type: 'BasisNarrowed',
        ownChoice: {
          by: 'p1',
          sections: ['health'],
          organisationIds: [],
          serviceClasses: ['safe-accommodation'],
          from: hour(2),
        },
      });
  });

  it('is narrowed by a denial', () =>
    given(caseOpened)
      .when(records({ ...vital, sections: ['health', 'identity'] }))
      .and((file) => recordDenial(file, denial(), rules, hour(1)))
      .then('DenialRecorded', { type: 'BasisNarrowed', basisId: 'b1' }));

  it('leads to a deadline to ask the person for consent when they can decide again', () =>
    given(caseOpened, unable)
      .when(records({ code: 'vital-interest' }))
      .and((file) =>
        recordCapacity(
          file,
          { decision: 'permission-to-share', able: true, reason: undefined, reassessAt: undefined },
          rules,
          hour(3),
        ),
      )
      .then('CapacityRecorded', {
        type: 'DeadlineSet',
        deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(3 + 14 * 24) },
      }));

  it('is reviewed by a second person, who keeps it until the next review or ends it', () => {
    given(caseOpened)
      .when(records(vital))
      .and(reviews('caseworker'))
      .refused('second-person-needed', 'basis_id');
    given(caseOpened)
      .when(records(vital))
      .and(reviews('another'))
      .then('DeadlineMet', 'BasisReviewed', {
        type: 'DeadlineSet',
        deadline: { code: 'review-of-basis', about: 'b1', due: hour(3 + 72) },
      });
    given(caseOpened)
      .when(records(vital))
      .and(reviews('another', false))
      .then(
        'BasisReviewed',
        { type: 'BasisEnded', basisId: 'b1', at: hour(3) },
        'DeadlineMet',
        'DeadlineMet',
      );
    given(caseOpened)
      .when(records({ basisId: 'b0' }))
      .and(records(vital))
      .and(reviews('another'))
      .then('DeadlineMet', { type: 'BasisReviewed', basisId: 'b1' }, 'DeadlineSet');
  });

  it('is not reviewed after it ended; a basis that is no substitute is never reviewed', () => {
    given(caseOpened)
      .when(records(vital))
      .and(reviews('another', false))
      .and(reviews('another'))
      .refused('not-to-be-reviewed', 'basis_id');
    given(caseOpened)
      .when(records(vital))
      .and(reviews('another', true, hour(24)))
      .refused('not-to-be-reviewed', 'basis_id');
    given(caseOpened)
      .when(records())
      .and(reviews('another'))
      .refused('not-to-be-reviewed', 'basis_id');
    given(caseOpened).when(reviews('another')).refused('not-found', 'basis_id');
  });
});
