import { describe, expect, it } from 'vitest';
import { basis, caseOpened, hour, noon, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { appointGuardian, changeGuardianship, liftSuspicion, suspectGuardian } from './guardian.ts';
import { byGuardian, child, given, givesPermission, guardian } from './who-may-consent.fixture.ts';

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
