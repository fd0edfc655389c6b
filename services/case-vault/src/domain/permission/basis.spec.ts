import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  asking,
  basis,
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  noon,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { recordCapacity } from '../person/capacity.ts';
import { endBasis, type NewBasis, recordBasis, reviewBasis } from './basis.ts';
import { recordDenial } from './denial.ts';
import { grantPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const records =
  (more: Partial<NewBasis> = {}, now = noon) =>
  (file: CaseFile) =>
    recordBasis(file, basis(more), rules, now);
const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child' };
const guardian = (until?: typeof noon): CaseFileEvent => ({
  type: 'GuardianAppointed',
  guardian: { guardianId: 'g1', from: noon, until, suspectedAt: undefined },
});
const basisEnds: CaseFileEvent = {
  type: 'DeadlineSet',
  deadline: { code: 'basis-ends', about: 'b1', due: hour(24) },
};
const byChildProtection = { code: 'child-protection' };

describe('a legal basis', () => {
  it('is recorded for its controller beside a permission, which it does not replace', () =>
    given(caseOpened, { type: 'PermissionGranted', permission: permission() })
      .when(records())
      .then(
        { type: 'BasisRecorded', basis: { ...basis(), isSubstitute: false, endedAt: undefined } },
        basisEnds,
      ));

  it('is refused with the code of a permission, because a withdrawal would not end it', () =>
    given(caseOpened)
      .when(records({ code: 'permission' }))
      .refused('not-a-basis', 'code'));

  it('is refused under an id that exists', () =>
    given(caseOpened).when(records()).and(records()).refused('already-exists', 'basis_id'));

  it('is recorded beside an equal one with another id', () =>
    given(caseOpened)
      .when(records())
      .and(records({ basisId: 'b2' }))
      .then('BasisRecorded', 'DeadlineSet'));

  it('that ends soon has no deadline before its end', () =>
    given(caseOpened)
      .when(records({ validUntil: hour(rules.warnBeforeEndMs / 3_600_000) }))
      .then('BasisRecorded', 'DeadlineSet'));

  it('is refused when it ends before it begins or has already ended', () => {
    given(caseOpened)
      .when(records({ validUntil: hour(-1) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(caseOpened)
      .when(records({ validUntil: noon }))
      .refused('ends-before-it-begins', 'valid_until');
    for (const now of [hour(24), hour(25)])
      given(caseOpened).when(records({}, now)).refused('already-ended', 'valid_until');
  });

  it('lasts no longer than the country allows, with a deadline before its end and one at its end', () => {
    const longest = rules.longestBasisMs / 3_600_000;
    given(caseOpened)
      .when(records({ validUntil: hour(longest + 1) }))
      .refused('too-long', 'valid_until');
    given(caseOpened)
      .when(records({ validUntil: hour(longest) }))
      .then(
        'BasisRecorded',
        {
          type: 'DeadlineSet',
          deadline: { code: 'basis-ends-soon', about: 'b1', due: hour(longest - 14 * 24) },
        },
        { type: 'DeadlineSet', deadline: { code: 'basis-ends', about: 'b1', due: hour(longest) } },
      );
  });

  it('can be ended early, and its deadlines end with it', () => {
    const ends =
      (basisId = 'b1', now = hour(1)) =>
      (file: CaseFile) =>
        endBasis(file, basisId, now);
    given(caseOpened)
      .when(records())
      .and(ends())
      .then(
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        { type: 'DeadlineMet', code: 'basis-ends', about: 'b1' },
      );
    given(caseOpened).when(records()).and(ends()).and(ends()).ignored('already-ended');
    given(caseOpened)
      .when(records())
      .and(ends('b1', hour(24)))
      .ignored('already-ended');
    given(caseOpened).when(ends('b2')).refused('not-found', 'basis_id');
    const both = given(caseOpened)
      .when(records())
      .and(records({ basisId: 'b2' }));
    const [first, second] = both.and(ends()).and(ends('b2')).state().bases;
    expect([first?.endedAt, second?.endedAt]).toEqual([hour(1), hour(1)]);
    expect(both.and(ends()).state().bases[1]?.endedAt).toBeUndefined();
  });
});

describe('a child-protection basis', () => {
  it('is recorded with a review when the child has no guardian', () =>
    given(caseOpened, child)
      .when(records(byChildProtection))
      .then(
        'BasisRecorded',
        {
          type: 'DeadlineSet',
          deadline: { code: 'review-of-basis', about: 'b1', due: hour(14 * 24) },
        },
        basisEnds,
      ));

  it('is refused for an adult, and for a child whose guardian can be asked', () => {
    given(caseOpened).when(records(byChildProtection)).refused('not-a-child', 'code');
    given(caseOpened, child, guardian())
      .when(records(byChildProtection))
      .refused('guardian-must-be-asked', 'code');
  });

  it('is accepted before the term of the guardian begins and from its end', () => {
    const until = (from: typeof noon, end: typeof noon): CaseFileEvent => ({
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g1', from, until: end, suspectedAt: undefined },
    });
    for (const term of [until(hour(1), hour(9)), until(hour(-9), noon)])
      given(caseOpened, child, term)
        .when(records(byChildProtection))
        .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, child, until(hour(-9), hour(1)))
      .when(records(byChildProtection))
      .refused('guardian-must-be-asked', 'code');
  });

  it('is accepted when the guardian is under suspicion or their term is over', () => {
    given(caseOpened, child, guardian(), { type: 'GuardianSuspected', guardianId: 'g1', at: noon })
      .when(records(byChildProtection))
      .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, child, guardian(hour(1)))
      .when(records(byChildProtection, hour(2)))
      .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
  });
});

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
