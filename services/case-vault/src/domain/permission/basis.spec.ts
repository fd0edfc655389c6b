import { specification } from '@opennrm/testkit/pure';
import { describe, it } from 'vitest';
import { asking, basis, hour, noon, opened, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { type NewBasis, recordBasis, reviewBasis } from './basis.ts';
import { grantPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const records =
  (more: Partial<NewBasis> = {}, now = noon) =>
  (file: CaseFile) =>
    recordBasis(file, basis(more), rules, now);
const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child' };
const guardian = (until?: typeof noon): CaseFileEvent => ({
  ...{ type: 'GuardianAppointed', guardian: { guardianId: 'g1', from: noon, until, suspectedAt: undefined } },
});
const byChildProtection = { code: 'child-protection' };

describe('a legal basis', () => {
  it('is recorded beside permissions, for its controller, and never instead of one', () =>
    given(opened, { type: 'PermissionGranted', permission: permission() })
      .when(records())
      .then({ type: 'BasisRecorded', basis: { ...basis(), standsIn: false, endedAt: undefined } }));

  it('is never a permission under another name: a withdrawal would not end it', () =>
    given(opened)
      .when(records({ code: 'permission' }))
      .refused('not-a-basis', 'code'));

  it('is recorded once under its id', () =>
    given(opened).when(records()).and(records()).refused('already-exists', 'basis_id'));

  it('ends after it begins, and has not ended yet', () => {
    given(opened)
      .when(records({ validUntil: hour(-1) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(opened)
      .when(records({}, hour(25)))
      .refused('already-ended', 'valid_until');
  });
});

describe('the protection of a child', () => {
  it('carries her before a guardian exists', () =>
    given(opened, child)
      .when(records(byChildProtection))
      .then('BasisRecorded', {
        ...{ type: 'PledgeMade', pledge: { code: 'review-of-basis', about: 'b1', due: hour(14 * 24) } },
      }));

  it('is no basis for an adult, nor where a guardian can be asked', () => {
    given(opened).when(records(byChildProtection)).refused('not-a-child', 'code');
    given(opened, child, guardian()).when(records(byChildProtection)).refused('guardian-must-be-asked', 'code');
  });

  it('is one again when the guardian is under suspicion, or is her guardian no more', () => {
    given(opened, child, guardian(), { type: 'GuardianSuspected', guardianId: 'g1', at: noon })
      .when(records(byChildProtection))
      .then('BasisRecorded', 'PledgeMade');
    given(opened, child, guardian(hour(1)))
      .when(records(byChildProtection, hour(2)))
      .then('BasisRecorded', 'PledgeMade');
  });
});

describe('what stands in for her word', () => {
  const vital = { code: 'vital-interest' };
  const reviews =
    (by: string, stays = true, now = hour(3)) =>
    (file: CaseFile) =>
      reviewBasis(file, { basisId: 'b1', by, stays }, rules, now);

  it('ends with her word', () =>
    given(opened)
      .when(records(vital))
      .and((file) => grantPermission(file, permission(), asking(hour(1))))
      .then(
        ...['PermissionGranted', 'PledgeMade'],
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        { type: 'PledgeKept', code: 'review-of-basis', about: 'b1' },
      ));

  it('is looked at again by somebody else, and stands until the next time or ends', () => {
    given(opened).when(records(vital)).and(reviews('caseworker')).refused('second-person-needed', 'basis_id');
    given(opened)
      .when(records(vital))
      .and(reviews('another'))
      .then('PledgeKept', 'BasisReviewed', {
        ...{ type: 'PledgeMade', pledge: { code: 'review-of-basis', about: 'b1', due: hour(3 + 72) } },
      });
    given(opened)
      .when(records(vital))
      .and(reviews('another', false))
      .then('PledgeKept', 'BasisReviewed', { type: 'BasisEnded', basisId: 'b1', at: hour(3) });
  });

  it('is not looked at when it has ended, or is one that the law gives for good', () => {
    given(opened)
      .when(records(vital))
      .and(reviews('another', false))
      .and(reviews('another'))
      .refused('not-to-be-reviewed', 'basis_id');
    given(opened).when(records()).and(reviews('another')).refused('not-to-be-reviewed', 'basis_id');
    given(opened).when(reviews('another')).refused('not-found', 'basis_id');
  });
});
