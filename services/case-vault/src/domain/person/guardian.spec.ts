import { describe, expect, it } from 'vitest';
import {
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
import type { ConsentDetails } from '../permission/consent-records.ts';
import { effectiveDenials } from '../permission/effective-receivers.ts';
import { appointGuardian, changeGuardianship, liftSuspicion, suspectGuardian } from './guardian.ts';
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

describe('the term of a guardian', () => {
  const changes = (until: typeof noon) => (file: CaseFile) =>
    changeGuardianship(file, { guardianId: 'g1', until }, hour(1));
  const appoints = (file: CaseFile) =>
    appointGuardian(file, { guardianId: 'g1', from: noon, until: hour(9) }, rules, noon);

  it('sets a deadline, so that a caseworker checks who decides for the child afterwards', () =>
    given(caseOpened, child)
      .when(appoints)
      .then('GuardianAppointed', {
        type: 'DeadlineSet',
        deadline: { code: 'guardian-ends', about: 'g1', due: hour(9) },
      }));

  it('can be extended or ended; earlier permissions stay valid, but after the end the guardian gives no new one', () => {
    given(caseOpened, child)
      .when(appoints)
      .and(changes(hour(50)))
      .then({ type: 'GuardianshipChanged', until: hour(50) }, 'DeadlineMet', {
        type: 'DeadlineSet',
        deadline: { code: 'guardian-ends', about: 'g1', due: hour(50) },
      });
    const ended = given(caseOpened, child, guardian)
      .when(givesPermission(byGuardian))
      .and(changes(hour(1)));
    ended
      .and(givesPermission({ ...byGuardian, at: hour(1) }, hour(2), 'p2'))
      .refused('not-the-guardian', 'guardian_id');
    expect(ended.state().permissions[0]?.withdrawnAt).toBeUndefined();
    given(caseOpened, child, guardian)
      .when(changes(hour(-48)))
      .refused('ends-before-it-begins', 'until');
    given(caseOpened, child)
      .when(changes(hour(1)))
      .refused('not-the-guardian', 'guardian_id');
  });

  it('is changed for the named guardian only', () => {
    const second: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g2', from: hour(-24), until: undefined, suspectedAt: hour(-1) },
    };
    const changed = given(caseOpened, child, guardian, second).when(changes(hour(50)));
    expect(changed.state().person.guardians.map(({ until }) => until)).toEqual([
      hour(50),
      undefined,
    ]);
    given(caseOpened, child, second, guardian)
      .when(changes(hour(50)))
      .then('GuardianshipChanged', 'DeadlineSet');
    given(caseOpened, child, second)
      .when(changes(hour(50)))
      .refused('not-the-guardian', 'guardian_id');
  });

  it('gets no deadline when its new end is not in the future', () => {
    for (const until of [hour(1), noon])
      given(caseOpened, child, guardian)
        .when(changes(until))
        .then({ type: 'GuardianshipChanged', until });
  });

  it('is not changed while the guardian is under suspicion', () => {
    const suspected: CaseFileEvent = { type: 'GuardianSuspected', guardianId: 'g1', at: noon };
    given(caseOpened, child, guardian, suspected)
      .when(changes(hour(50)))
      .refused('guardian-under-suspicion', 'guardian_id');
  });

  it('begins with a deadline to ask the guardian for consent where child protection substitutes', () => {
    const isSubstitute = {
      ...basis({ code: 'child-protection' }),
      isSubstitute: true,
      endedAt: undefined,
    };
    given(caseOpened, child, { type: 'BasisRecorded', basis: isSubstitute })
      .when((file) =>
        appointGuardian(file, { guardianId: 'g1', from: noon, until: undefined }, rules, noon),
      )
      .then('GuardianAppointed', {
        type: 'DeadlineSet',
        deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(14 * 24) },
      });
  });

  it('begins without a deadline to ask for consent where another basis is recorded', () => {
    const recorded = (basisId: string, code: string, purpose = 'accommodation'): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: {
        ...basis({ basisId, code, purpose }),
        isSubstitute: code !== 'public-task',
        endedAt: undefined,
      },
    });
    const appointsOne = (file: CaseFile) =>
      appointGuardian(file, { guardianId: 'g1', from: noon, until: undefined }, rules, noon);
    given(
      caseOpened,
      child,
      recorded('b1', 'public-task'),
      recorded('b2', 'vital-interest', 'health-care'),
    )
      .when(appointsOne)
      .then('GuardianAppointed');
    given(caseOpened, child, recorded('b1', 'vital-interest'), recorded('b2', 'child-protection'))
      .when(appointsOne)
      .then('GuardianAppointed', 'DeadlineSet');
  });

  it('continues when the suspicion is lifted, but permissions that ended stay ended', () => {
    const suspects = (file: CaseFile) =>
      suspectGuardian(file, 'g1', { rules, now: hour(1), mint: () => 'b9' });
    const lifts = (file: CaseFile) => liftSuspicion(file, 'g1', hour(2));
    const lifted = given(caseOpened, child, guardian)
      .when(givesPermission(byGuardian))
      .and(suspects)
      .and(lifts);
    lifted.then('SuspicionLifted');
    expect(lifted.state().permissions[0]?.cause).toBe('guardian-suspected');
    lifted
      .and(givesPermission({ ...byGuardian, at: hour(3) }, hour(3), 'p2'))
      .then('PermissionGranted', 'DeadlineSet', 'DeadlineMet');
    given(caseOpened, child, guardian).when(lifts).ignored('not-suspected');
    given(caseOpened, child).when(lifts).refused('not-the-guardian', 'guardian_id');
    const first: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g0', from: noon, until: undefined, suspectedAt: undefined },
    };
    given(caseOpened, child, first, guardian)
      .when(suspects)
      .and(lifts)
      .then({ type: 'SuspicionLifted', guardianId: 'g1' });
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
