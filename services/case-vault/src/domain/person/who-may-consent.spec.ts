import { describe, it } from 'vitest';
import { caseOpened, hour, noon } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { byGuardian, child, given, givesPermission, guardian } from './who-may-consent.fixture.ts';

describe('who speaks for a child', () => {
  it('is the guardian, with the child’s own view beside the guardian’s word', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission(byGuardian))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, child, guardian)
      .when(givesPermission({ guardianId: 'g1' }))
      .refused('child-view-needed', 'child_view');
  });

  it('is not the child alone, nor another person, nor a guardian whose term is over', () => {
    for (const age of ['child', 'unsure', 'disputed'] as const)
      given(caseOpened, { type: 'AgeRecorded', age }, guardian)
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

  it('is the guardian from the first moment of their time on, and not before', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(-49) }))
      .refused('not-the-guardian', 'guardian_id');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, at: hour(-48) }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('cannot permit what the child denies', () => {
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, childView: 'disagrees' }))
      .refused('child-disagrees', 'child_view');
    given(caseOpened, child, guardian)
      .when(givesPermission({ ...byGuardian, childView: 'cannot-say' }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is nobody else for an adult', () =>
    given(caseOpened, guardian)
      .when(givesPermission(byGuardian))
      .refused('no-guardian-needed', 'guardian_id'));
});

describe('a statement made before the decision maker changed', () => {
  const grown: CaseFileEvent[] = [
    child,
    { type: 'AgeRecorded', age: 'adult' },
    { type: 'DecisionMakerChanged', at: noon },
  ];

  it('is no answer, however late it is written down', () => {
    given(caseOpened, ...grown)
      .when(givesPermission({ at: hour(-1) }, hour(2)))
      .refused('before-decision-maker-changed', 'given_at');
    given(caseOpened, ...grown)
      .when(givesPermission({ at: noon }, hour(2)))
      .then('PermissionGranted', 'DeadlineSet');
  });
});
