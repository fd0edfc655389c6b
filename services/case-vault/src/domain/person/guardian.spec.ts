import { describe, expect, it } from 'vitest';
import { basis, hour, noon, opened, permission, refusal, rules, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { Given } from '../permission/given.ts';
import { countingNoes } from '../permission/left.ts';
import { appointGuardian, changeGuardianship, liftSuspicion, suspectGuardian } from './guardian.ts';
import { byGuardian, child, given, guardian, speaks } from './speaking.fixture.ts';

describe('a guardian', () => {
  const appoints =
    (guardianId = 'g2', until: typeof noon | undefined = undefined) =>
    (file: CaseFile) =>
      appointGuardian(file, { guardianId, from: noon, until }, rules, noon);
  const suspects =
    (guardianId = 'g1') =>
    (file: CaseFile) =>
      suspectGuardian(file, guardianId, { rules, now: hour(1), mint: () => 'bridge' });

  it('is appointed to a child, once, for a time that ends after it begins', () => {
    given(opened, child, guardian).when(appoints()).then('GuardianAppointed');
    given(opened).when(appoints()).refused('not-a-child', 'case_id');
    given(opened, child, guardian).when(appoints('g1')).refused('already-appointed', 'guardian_id');
    given(opened, child).when(appoints('g2', noon)).refused('ends-before-it-begins', 'until');
    const ten = Array.from(
      { length: 10 },
      (_, n): CaseFileEvent => ({
        type: 'GuardianAppointed',
        guardian: { guardianId: `x${n}`, from: noon, until: undefined, suspectedAt: undefined },
      }),
    );
    given(opened, child, ...ten)
      .when(appoints())
      .refused('too-many-guardians', 'guardian_id');
  });

  it('under suspicion is excluded, what they permitted ends, and somebody is told', () => {
    given(opened, child, guardian)
      .when(speaks(byGuardian))
      .and(suspects())
      .then(
        { type: 'GuardianSuspected', guardianId: 'g1' },
        { type: 'PermissionWithdrawn', because: 'guardian-suspected' },
        'WithdrawalBegun',
        'PledgeKept',
        { type: 'PledgeMade', pledge: { code: 'ask-anew', about: 'accommodation', due: hour(1 + 14 * 24) } },
        { type: 'AlertRaised', alert: expect.objectContaining({ code: 'guardian-suspected' }) },
      );
    given(opened, child, guardian)
      .when(suspects())
      .and(speaks(byGuardian, hour(2)))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(opened, child, guardian)
      .when(suspects())
      .and(appoints('g1'))
      .refused('guardian-under-suspicion', 'guardian_id');
    given(opened, child, guardian).when(suspects()).and(suspects()).ignored('already-suspected');
    given(opened, child).when(suspects()).refused('not-her-guardian', 'guardian_id');
  });
});

describe('the term of a guardian', () => {
  const changes = (until: typeof noon) => (file: CaseFile) =>
    changeGuardianship(file, { guardianId: 'g1', until }, hour(1));
  const appoints = (file: CaseFile) =>
    appointGuardian(file, { guardianId: 'g1', from: noon, until: hour(9) }, rules, noon);

  it('has a deadline: somebody sees in time who speaks for the child then', () =>
    given(opened, child)
      .when(appoints)
      .then('GuardianAppointed', { type: 'PledgeMade', pledge: { code: 'guardian-ends', about: 'g1', due: hour(9) } }));

  it('can be made longer, or ended: what the guardian permitted before stands, and they speak for the child no more', () => {
    given(opened, child)
      .when(appoints)
      .and(changes(hour(50)))
      .then({ type: 'GuardianshipChanged', until: hour(50) }, 'PledgeKept', {
        type: 'PledgeMade',
        pledge: { code: 'guardian-ends', about: 'g1', due: hour(50) },
      });
    const ended = given(opened, child, guardian)
      .when(speaks(byGuardian))
      .and(changes(hour(1)));
    ended.and(speaks({ ...byGuardian, at: hour(1) }, hour(2), 'p2')).refused('not-her-guardian', 'guardian_id');
    expect(ended.state().permissions[0]?.withdrawnAt).toBeUndefined();
    given(opened, child, guardian)
      .when(changes(hour(-48)))
      .refused('ends-before-it-begins', 'until');
    given(opened, child)
      .when(changes(hour(1)))
      .refused('not-her-guardian', 'guardian_id');
  });

  it('is changed of the named guardian alone', () => {
    const second: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g2', from: hour(-24), until: undefined, suspectedAt: hour(-1) },
    };
    const changed = given(opened, child, guardian, second).when(changes(hour(50)));
    expect(changed.state().person.guardians.map(({ until }) => until)).toEqual([hour(50), undefined]);
    given(opened, child, second, guardian)
      .when(changes(hour(50)))
      .then('GuardianshipChanged', 'PledgeMade');
    given(opened, child, second)
      .when(changes(hour(50)))
      .refused('not-her-guardian', 'guardian_id');
  });

  it('that ends now or has ended warns nobody of its end any more', () => {
    for (const until of [hour(1), noon])
      given(opened, child, guardian).when(changes(until)).then({ type: 'GuardianshipChanged', until });
  });

  it('is not changed while there is a suspicion', () => {
    const suspected: CaseFileEvent = { type: 'GuardianSuspected', guardianId: 'g1', at: noon };
    given(opened, child, guardian, suspected)
      .when(changes(hour(50)))
      .refused('guardian-under-suspicion', 'guardian_id');
  });

  it('begins with a question to the guardian of what stood in for their word', () => {
    const standsIn = { ...basis({ code: 'child-protection' }), standsIn: true, endedAt: undefined };
    given(opened, child, { type: 'BasisRecorded', basis: standsIn })
      .when((file) => appointGuardian(file, { guardianId: 'g1', from: noon, until: undefined }, rules, noon))
      .then('GuardianAppointed', {
        type: 'PledgeMade',
        pledge: { code: 'ask-anew', about: 'accommodation', due: hour(14 * 24) },
      });
  });

  it('begins with no question of what a child’s protection does not stand in for', () => {
    const recorded = (basisId: string, code: string, purpose = 'accommodation'): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: { ...basis({ basisId, code, purpose }), standsIn: code !== 'public-task', endedAt: undefined },
    });
    const appointsOne = (file: CaseFile) =>
      appointGuardian(file, { guardianId: 'g1', from: noon, until: undefined }, rules, noon);
    given(opened, child, recorded('b1', 'public-task'), recorded('b2', 'vital-interest', 'health-care'))
      .when(appointsOne)
      .then('GuardianAppointed');
    given(opened, child, recorded('b1', 'vital-interest'), recorded('b2', 'child-protection'))
      .when(appointsOne)
      .then('GuardianAppointed', 'PledgeMade');
  });

  it('goes on when a suspicion came to nothing; what was ended stays ended', () => {
    const suspects = (file: CaseFile) => suspectGuardian(file, 'g1', { rules, now: hour(1), mint: () => 'b9' });
    const lifts = (file: CaseFile) => liftSuspicion(file, 'g1', hour(2));
    const lifted = given(opened, child, guardian).when(speaks(byGuardian)).and(suspects).and(lifts);
    lifted.then('SuspicionLifted');
    expect(lifted.state().permissions[0]?.because).toBe('guardian-suspected');
    lifted
      .and(speaks({ ...byGuardian, at: hour(3) }, hour(3), 'p2'))
      .then('PermissionGranted', 'PledgeMade', 'PledgeKept');
    given(opened, child, guardian).when(lifts).ignored('not-suspected');
    given(opened, child).when(lifts).refused('not-her-guardian', 'guardian_id');
    const first: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g0', from: noon, until: undefined, suspectedAt: undefined },
    };
    given(opened, child, first, guardian).when(suspects).and(lifts).then({ type: 'SuspicionLifted', guardianId: 'g1' });
  });
});

describe('when a guardian comes under suspicion', () => {
  const known: CaseFileEvent = { type: 'ReferenceRegistered', service: 'referral', reference: 'r1' };
  const suspects = (file: CaseFile) => suspectGuardian(file, 'g1', { rules, now: hour(1), mint: () => 'b9' });
  const refuses = (more: Partial<Given>): CaseFileEvent => ({
    type: 'PermissionRefused',
    refusal: refusal({ given: said({ at: noon, ...more }) }),
  });

  it('the search goes on: the protection of a child is there, with its review, before the guardian’s permission ends', () => {
    const events = given(opened, child, guardian, known).when(speaks(byGuardian)).and(suspects).events();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('BasisRecorded')).toBeLessThan(types.indexOf('PermissionWithdrawn'));
    expect(events).toContainEqual({
      type: 'PledgeMade',
      pledge: { code: 'review-of-basis', about: 'b9', due: hour(1 + 14 * 24) },
    });
    expect(events.find(({ type }) => type === 'BasisRecorded')).toMatchObject({
      basis: { code: 'child-protection', standsIn: true, receivers: permission().receivers },
    });
  });

  it('what the guardian permitted and still stands ends, and nothing else does', () => {
    const permitted = (permissionId: string, more: Parameters<typeof permission>[0] = {}): CaseFileEvent => ({
      type: 'PermissionGranted',
      permission: permission({ permissionId, given: said(byGuardian), ...more }),
    });
    const takenBack: CaseFileEvent = {
      type: 'PermissionWithdrawn',
      permissionId: 'taken back',
      at: noon,
      because: 'withdrawn',
    };
    const file = given(
      opened,
      child,
      guardian,
      permitted('theirs'),
      permitted('of nobody else', { given: said() }),
      permitted('over', { validUntil: hour(1) }),
      permitted('taken back'),
      takenBack,
    )
      .when(suspects)
      .state();
    expect(file.permissions.map(({ permissionId, because }) => [permissionId, because])).toEqual([
      ['theirs', 'guardian-suspected'],
      ['of nobody else', undefined],
      ['over', undefined],
      ['taken back', 'withdrawn'],
    ]);
  });

  it('it is the suspicion of one guardian: another one of the same child speaks on', () => {
    const second: CaseFileEvent = {
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g2', from: hour(-48), until: undefined, suspectedAt: undefined },
    };
    const first = given(opened, child, second, guardian).when(suspects);
    expect(first.state().person.guardians.map(({ suspectedAt }) => suspectedAt)).toEqual([undefined, hour(1)]);
    const both = (file: CaseFile) => suspectGuardian(file, 'g2', { rules, now: hour(2), mint: () => 'b8' });
    first.and(both).then('GuardianSuspected', 'AlertRaised');
    given(opened, child, guardian, second).when(suspects).and(both).then('GuardianSuspected', 'AlertRaised');
  });

  it('nothing carries on what no referral acts on: the decision on a status waits for a word', () => {
    const intake: CaseFileEvent = { type: 'ReferenceRegistered', service: 'identification-intake', reference: 'i1' };
    const decision: CaseFileEvent = {
      type: 'PermissionGranted',
      permission: permission({ purpose: 'identification-decision', given: said(byGuardian) }),
    };
    const events = given(opened, child, guardian, intake, decision).when(suspects).events();
    expect(events.map(({ type }) => type)).not.toContain('BasisRecorded');
  });

  it('the guardian’s noes count no more, and the child’s own do', () => {
    const after = (more: Partial<Given>) =>
      given(opened, child, guardian, known, refuses(more)).when(speaks(byGuardian)).and(suspects).state();
    expect(after({ guardianId: 'g1', childView: 'agrees' }).bases[0]?.spoken).toEqual([]);
    expect(countingNoes(after({ guardianId: 'g1', childView: 'agrees' }))).toEqual([]);
    expect(after({}).bases[0]?.spoken).toMatchObject([{ organisationIds: ['org-1'] }]);
  });
});
