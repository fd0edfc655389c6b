import { describe, it } from 'vitest';
import { caseOpened, hour, noon } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { byGuardian, child, given, givesPermission, guardian } from './who-may-consent.fixture.ts';

describe('a permission for a child', () => {
  it('is given by the guardian, and records the child’s own view', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission(byGuardian))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, child, guardian)
      .when(givesPermission({ guardianId: 'g1' }))
      .refused('child-view-needed', 'child_view');
  });

  it('is refused from the child alone, from another person and from a guardian whose term is over', () => {
    for (const age of ['child', 'unsure', 'disputed'] as const)
      given(caseOpened, { type: 'AgeRecorded', age, at: hour(0) }, guardian)
        .when(givesPermission({}))
        .refused('guardian-needed', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, guardianId: 'g2' }))
      .refused('not-the-guardian', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(20) }, hour(21)))
      .refused('not-the-guardian', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(19) }, hour(21)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is accepted from the beginning of the guardian’s term, and refused before', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(-49) }))
      .refused('not-the-guardian', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(-48) }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is refused when the child disagrees', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, childView: 'disagrees' }))
      .refused('child-disagrees', 'child_view');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, childView: 'cannot-say' }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is refused from a guardian when the person counts as an adult', () =>
    given(caseOpened, guardian)
      .when(givesPermission(byGuardian))
      .refused('no-guardian-needed', 'guardian_id'));
});

describe('a statement made before the decision maker changed', () => {
  const grown: CaseFileEvent[] = [
    child,
    { type: 'AgeRecorded', age: 'adult', at: hour(0) },
    { type: 'DecisionMakerChanged', at: noon },
  ];

  it('is refused even when it is recorded after the change', () => {
    given(caseOpened, ...grown)
      .when(givesPermission({ at: hour(-1) }, hour(2)))
      .refused('before-decision-maker-changed', 'given_at');
    given(caseOpened, ...grown)
      .when(givesPermission({ at: noon }, hour(2)))
      .then('PermissionGranted', 'DeadlineSet');
  });
});
