import { describe, expect, it } from 'vitest';
import {
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
import type { ConsentDetails } from '../permission/consent-records.ts';
import { effectiveDenials } from '../permission/effective-receivers.ts';
import { appointGuardian, suspectGuardian } from './guardian.ts';
import { byGuardian, child, given, givesPermission, guardian } from './who-may-consent.fixture.ts';

describe('a guardian', () => {
  const appoints =
    (guardianId = 'g2', until: typeof noon | undefined = undefined) =>
    (file: CaseFile) =>
      appointGuardian(file, { guardianId, from: noon, until }, rules, noon);
  const suspects =
    (guardianId = 'g1') =>
    (file: CaseFile) =>
      suspectGuardian(file, guardianId, { rules, now: hour(1), mint: () => 'interim' });

  it('is appointed once, only to a child, with an end after the beginning, and as one of at most ten', () => {
    given(caseOpened, child, guardian).when(appoints()).then('GuardianAppointed');
    given(caseOpened).when(appoints()).refused('not-a-child', 'case_id');
    given(caseOpened, child, guardian)
      .when(appoints('g1'))
      .refused('already-appointed', 'guardian_id');
    given(caseOpened, child).when(appoints('g2', noon)).refused('ends-before-it-begins', 'until');
    const ten = Array.from(
      { length: 10 },
      (_, n): CaseFileEvent => ({
        type: 'GuardianAppointed',
        guardian: { guardianId: `x${n}`, from: noon, until: undefined, suspectedAt: undefined },
      }),
    );
    given(caseOpened, child, ...ten)
      .when(appoints())
      .refused('too-many-guardians', 'guardian_id');
  });

  it('under suspicion decides no more, their permissions end, and a caseworker is alerted', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission(byGuardian))
      .and(suspects())
      .then(
        { type: 'GuardianSuspected', guardianId: 'g1' },
        { type: 'PermissionWithdrawn', cause: 'guardian-suspected' },
        'WithdrawalBegun',
        'DeadlineMet',
        {
          type: 'DeadlineSet',
          deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(1 + 14 * 24) },
        },
        { type: 'AlertRaised', alert: expect.objectContaining({ code: 'guardian-suspected' }) },
      );
    given(caseOpened, child, guardian)
      .when(suspects())
      .and(givesPermission(byGuardian, hour(2)))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(suspects())
      .and(appoints('g1'))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(suspects())
      .and(suspects())
      .ignored('already-suspected');
    given(caseOpened, child).when(suspects()).refused('not-the-guardian', 'guardian_id');
  });
});

describe('when a guardian comes under suspicion', () => {
  const known: CaseFileEvent = {
    type: 'ReferenceRegistered',
    service: 'referral',
    reference: 'r1',
  };
  const suspects = (file: CaseFile) =>
    suspectGuardian(file, 'g1', { rules, now: hour(1), mint: () => 'b9' });
  const denies = (more: Partial<ConsentDetails>): CaseFileEvent => ({
    type: 'DenialRecorded',
    denial: denial({ given: consentGiven({ at: noon, ...more }) }),
  });

  it('a child-protection basis with a review is recorded before the guardian’s permission ends', () => {
    const events = given(caseOpened, child, guardian, known)
      .when(givesPermission(byGuardian))
      .and(suspects)
      .events();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('BasisRecorded')).toBeLessThan(types.indexOf('PermissionWithdrawn'));
    expect(events).toContainEqual({
      type: 'DeadlineSet',
      deadline: { code: 'review-of-basis', about: 'b9', due: hour(1 + 14 * 24) },
    });
    expect(events.find(({ type }) => type === 'BasisRecorded')).toMatchObject({
      basis: { code: 'child-protection', isSubstitute: true, receivers: permission().receivers },
    });
  });

  it('only permissions of this guardian that are valid end', () => {
    const permitted = (
      permissionId: string,
      more: Parameters<typeof permission>[0] = {},
    ): CaseFileEvent => ({
      type: 'PermissionGranted',
      permission: permission({ permissionId, given: consentGiven(byGuardian), ...more }),
    });
    const withdrawn: CaseFileEvent = {
      type: 'PermissionWithdrawn',
      permissionId: 'taken back',
      at: noon,
      cause: 'withdrawn',
    };
    const file = given(
      caseOpened,
      child,
      guardian,
      permitted('theirs'),
      permitted('of nobody else', { given: consentGiven() }),
      permitted('expired', { validUntil: hour(1) }),
      permitted('taken back'),
      withdrawn,
    )
      .when(suspects)
      .state();
    expect(file.permissions.map(({ permissionId, cause }) => [permissionId, cause])).toEqual([
      ['theirs', 'guardian-suspected'],
      ['of nobody else', undefined],
      ['expired', undefined],
      ['taken back', 'withdrawn'],
    ]);
  });

  it('another guardian of the same child is not suspected', () => {
    const second: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g2', from: hour(-48), until: undefined, suspectedAt: undefined },
    };
    const first = given(caseOpened, child, second, guardian).when(suspects);
    expect(first.state().person.guardians.map(({ suspectedAt }) => suspectedAt)).toEqual([
      undefined,
      hour(1),
    ]);
    const both = (file: CaseFile) =>
      suspectGuardian(file, 'g2', { rules, now: hour(2), mint: () => 'b8' });
    first.and(both).then('GuardianSuspected', 'AlertRaised');
    given(caseOpened, child, guardian, second)
      .when(suspects)
      .and(both)
      .then('GuardianSuspected', 'AlertRaised');
  });

  it('a permission for an identification decision gets no interim basis', () => {
    const intake: CaseFileEvent = {
      type: 'ReferenceRegistered',
      service: 'identification-intake',
      reference: 'i1',
    };
    const decision: CaseFileEvent = {
      type: 'PermissionGranted',
      permission: permission({
        purpose: 'identification-decision',
        given: consentGiven(byGuardian),
      }),
    };
    const events = given(caseOpened, child, guardian, intake, decision).when(suspects).events();
    expect(events.map(({ type }) => type)).not.toContain('BasisRecorded');
  });

  it('the guardian’s denials no longer count, but the child’s own do', () => {
    const after = (more: Partial<ConsentDetails>) =>
      given(caseOpened, child, guardian, known, denies(more))
        .when(givesPermission(byGuardian))
        .and(suspects)
        .state();
    expect(after({ guardianId: 'g1', childView: 'agrees' }).bases[0]?.ownChoices).toEqual([]);
    expect(effectiveDenials(after({ guardianId: 'g1', childView: 'agrees' }))).toEqual([]);
    expect(after({}).bases[0]?.ownChoices).toMatchObject([{ organisationIds: ['org-1'] }]);
  });
});
