import { describe, it } from 'vitest';
import { hour, noon, opened } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { byGuardian, child, given, guardian, speaks } from './speaking.fixture.ts';

describe('who speaks for a child', () => {
  it('is the guardian, with the child’s own view beside the guardian’s word', () => {
    given(opened, child, guardian).when(speaks(byGuardian)).then('PermissionGranted', 'PledgeMade');
    given(opened, child, guardian)
      .when(speaks({ guardianId: 'g1' }))
      .refused('child-view-needed', 'child_view');
  });

  it('is not the child alone, nor one who is not her guardian, nor one whose time is over', () => {
    for (const age of ['child', 'unsure', 'disputed'] as const)
      given(opened, { type: 'AgeRecorded', age }, guardian).when(speaks({})).refused('guardian-needed', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, guardianId: 'g2' }))
      .refused('not-her-guardian', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, at: hour(20) }, hour(21)))
      .refused('not-her-guardian', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, at: hour(19) }, hour(21)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is the guardian from the first moment of their time on, and not before', () => {
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, at: hour(-49) }))
      .refused('not-her-guardian', 'guardian_id');
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, at: hour(-48) }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('cannot say yes over her no', () => {
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, childView: 'disagrees' }))
      .refused('child-said-no', 'child_view');
    given(opened, child, guardian)
      .when(speaks({ ...byGuardian, childView: 'cannot-say' }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is nobody for an adult but herself', () =>
    given(opened, guardian).when(speaks(byGuardian)).refused('no-guardian-needed', 'guardian_id'));
});

describe('what was said before she was asked anew', () => {
  const grown: CaseFileEvent[] = [child, { type: 'AgeRecorded', age: 'adult' }, { type: 'AskedAnew', at: noon }];

  it('is no answer, however late it is written down', () => {
    given(opened, ...grown)
      .when(speaks({ at: hour(-1) }, hour(2)))
      .refused('said-before-asked-anew', 'given_at');
    given(opened, ...grown)
      .when(speaks({ at: noon }, hour(2)))
      .then('PermissionGranted', 'PledgeMade');
  });
});
