import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { asking, hour, noon, opened, permission, rules, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Given } from '../permission/given.ts';
import { grantPermission } from '../permission/permission.ts';
import { type Assessment, recordCapacity } from './capacity.ts';
import { appointGuardian, suspectGuardian } from './guardian.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child' };
const guardian: CaseFileEvent = {
  ...{
    type: 'GuardianAppointed',
    guardian: { guardianId: 'g1', from: hour(-9), until: hour(20), suspectedAt: undefined },
  },
};
const speaks =
  (more: Partial<Given>, now = noon, permissionId = 'p1') =>
  (file: CaseFile) =>
    grantPermission(file, permission({ permissionId, given: said(more) }), asking(now));
const his = { guardianId: 'g1', childView: 'agrees' } as const;

describe('who speaks for a child', () => {
  it('is her guardian, with her own view beside his word', () => {
    given(opened, child, guardian).when(speaks(his)).then('PermissionGranted', 'PledgeMade');
    given(opened, child, guardian)
      .when(speaks({ guardianId: 'g1' }))
      .refused('child-view-needed', 'child_view');
  });

  it('is not the child alone, nor one who is not her guardian, nor one whose time is over', () => {
    for (const age of ['child', 'unsure', 'disputed'] as const)
      given(opened, { type: 'AgeRecorded', age }, guardian).when(speaks({})).refused('guardian-needed', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks({ ...his, guardianId: 'g2' }))
      .refused('not-her-guardian', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks(his, hour(20)))
      .refused('not-her-guardian', 'guardian_id');
  });

  it('cannot say yes over her no', () => {
    given(opened, child, guardian)
      .when(speaks({ ...his, childView: 'disagrees' }))
      .refused('child-said-no', 'child_view');
    given(opened, child, guardian)
      .when(speaks({ ...his, childView: 'cannot-say' }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is nobody for an adult but herself', () =>
    given(opened, guardian).when(speaks(his)).refused('no-guardian-needed', 'guardian_id'));
});

describe('a guardian', () => {
  const appoints =
    (guardianId = 'g2', until: typeof noon | undefined = undefined) =>
    (file: CaseFile) =>
      appointGuardian(file, { guardianId, from: noon, until });
  const suspects =
    (guardianId = 'g1') =>
    (file: CaseFile) =>
      suspectGuardian(file, guardianId, rules, hour(1));

  it('is appointed to a child, once, for a time that ends after it begins', () => {
    given(opened, child, guardian).when(appoints()).then('GuardianAppointed');
    given(opened).when(appoints()).refused('not-a-child', 'case_id');
    given(opened, child, guardian).when(appoints('g1')).refused('already-appointed', 'guardian_id');
    given(opened, child).when(appoints('g2', noon)).refused('ends-before-it-begins', 'until');
    const ten = Array.from(
      { length: 10 },
      (_, n): CaseFileEvent => ({
        ...{
          type: 'GuardianAppointed',
          guardian: { guardianId: `x${n}`, from: noon, until: undefined, suspectedAt: undefined },
        },
      }),
    );
    given(opened, child, ...ten)
      .when(appoints())
      .refused('too-many-guardians', 'guardian_id');
  });

  it('under suspicion is excluded, what he permitted ends, and somebody is told', () => {
    given(opened, child, guardian)
      .when(speaks(his))
      .and(suspects())
      .then(
        { type: 'GuardianSuspected', guardianId: 'g1' },
        { type: 'PermissionWithdrawn', because: 'guardian-suspected' },
        ...['WithdrawalBegun', 'PledgeKept'],
        { type: 'PledgeMade', pledge: { code: 'ask-anew', about: 'accommodation', due: hour(1 + 14 * 24) } },
        { type: 'AlertRaised', alert: expect.objectContaining({ code: 'guardian-suspected' }) },
      );
    given(opened, child, guardian)
      .when(suspects())
      .and(speaks(his, hour(2)))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(opened, child, guardian)
      .when(suspects())
      .and(appoints('g1'))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(opened, child, guardian).when(suspects()).and(suspects()).ignored('already-suspected');
    given(opened, child).when(suspects()).refused('not-her-guardian', 'guardian_id');
  });
});

describe('capacity', () => {
  const able = { decision: 'permission-to-share', able: true, reason: undefined, askAgainAt: undefined };
  const not = { ...able, able: false, reason: 'unconscious', askAgainAt: hour(5) };
  const assesses =
    (more: Partial<Assessment>, now = noon) =>
    (file: CaseFile) =>
      recordCapacity(file, { ...not, ...more }, rules, now);

  it('is of one decision; a no has a reason and a time by which she is asked again', () => {
    given(opened)
      .when(assesses({}))
      .then('CapacityRecorded', {
        ...{ type: 'PledgeMade', pledge: { code: 'capacity-again', about: 'permission-to-share', due: hour(5) } },
      });
    given(opened)
      .when(assesses({ reason: undefined }))
      .refused('reason-needed', 'reason');
    given(opened)
      .when(assesses({ askAgainAt: undefined }))
      .refused('ask-again-needed', 'ask_again_at');
    given(opened)
      .when(assesses({ askAgainAt: noon }))
      .refused('ask-again-needed', 'ask_again_at');
    given(opened)
      .when(assesses({ askAgainAt: hour(31 * 24) }))
      .refused('ask-again-too-late', 'ask_again_at');
    given(opened)
      .when(assesses({ able: true }))
      .refused('no-reason-needed', 'reason');
  });

  it('that lacks lets no yes of hers count, until she is asked again and can', () => {
    given(opened)
      .when(assesses({}))
      .and(speaks({}, hour(1)))
      .refused('capacity-lacking', 'case_id');
    given(opened)
      .when(assesses({}))
      .and(speaks({}, hour(5)))
      .refused('capacity-to-be-asked-again', 'case_id');
    given(opened)
      .when(assesses({}))
      .and(assesses(able, hour(5)))
      .then({ type: 'PledgeKept', code: 'capacity-again' }, 'CapacityRecorded');
    given(opened)
      .when(assesses({}))
      .and(assesses(able))
      .and(speaks({}, hour(1)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('for another decision says nothing of this one', () =>
    given(opened)
      .when(assesses({ decision: 'treatment' }))
      .and(speaks({}, hour(1)))
      .then('PermissionGranted', 'PledgeMade'));
});
