import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { asking, hour, noon, opened, permission, refusal, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, ReceiverRule } from './given.ts';
import { leftOfReceivers } from './left.ts';
import { grantPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  ...{ type: 'PermissionGranted', permission: permission(more) },
});
const takenBack = (permissionId = 'p1', at = hour(2)): CaseFileEvent => ({
  ...{ type: 'PermissionWithdrawn', permissionId, at, because: 'withdrawn' },
});
const grants =
  (more: Partial<NewPermission> = {}, now = noon) =>
  (file: CaseFile) =>
    grantPermission(file, permission(more), asking(now));
const receivers = (more: Partial<ReceiverRule>): ReceiverRule => ({
  ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [], serviceClasses: [] },
  ...more,
});

describe('a later stage', () => {
  const stage = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', after: 'p1', ...more }, now);

  it('goes on with a permission that stands: it may name whom, and is wider in nothing', () => {
    const named = receivers({ organisationIds: ['org-1'] });
    given(opened, granted())
      .when(stage({ receivers: named }))
      .then('PermissionGranted', 'PledgeMade');
    for (const [more, field] of [
      [{ purpose: 'health-care' }, 'purpose'],
      [{ sections: ['health', 'identity'] }, 'sections'],
      [{ validUntil: hour(25) }, 'valid_until'],
      [{ receivers: receivers({ serviceClasses: ['legal-aid'] }) }, 'receivers'],
    ] as const)
      given(opened, granted())
        .when(stage({ receivers: named, ...more }))
        .refused('wider-than-before', field);
  });

  it('keeps out whom she had excluded without being said again, and whom she refused since', () => {
    const excluding = { ...permission().receivers, excludedRegions: ['north'], excludedOrganisationIds: ['org-9'] };
    const before = granted({ receivers: excluding });
    const named = receivers({ organisationIds: ['org-1'] });
    const file = given(opened, before)
      .when(stage({ receivers: named }))
      .state();
    expect(file.permissions[1]?.receivers).toMatchObject({
      ...{ excludedRegions: ['north'], excludedOrganisationIds: ['org-9'], organisationIds: ['org-1'] },
    });
    given(opened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-9'] }) }))
      .refused('wider-than-before', 'receivers');
    given(opened, before, { type: 'PermissionRefused', refusal: refusal() })
      .when(stage({ receivers: named, given: said({ at: hour(1) }) }, hour(1)))
      .refused('wider-than-before', 'receivers');
  });

  it('goes on with the permission that it follows, and keeps out nobody whom another one excluded', () => {
    const other = granted({ permissionId: 'p0', receivers: { ...permission().receivers, excludedRegions: ['south'] } });
    const before = granted({ receivers: { ...permission().receivers, excludedRegions: ['north'] } });
    const file = given(opened, other, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .state();
    expect(file.permissions[2]?.receivers.excludedRegions).toEqual(['north']);
  });

  it('names nobody who was left out, beside somebody who was not', () => {
    const both = receivers({ organisationIds: ['org-1', 'org-9'] });
    const excluding = { ...permission().receivers, excludedOrganisationIds: ['org-9'] };
    given(opened, granted({ receivers: excluding }))
      .when(stage({ receivers: both }))
      .refused('wider-than-before', 'receivers');
  });

  it('names nobody who was refused in one of its sections', () => {
    const sections = ['health', 'identity'];
    const named = { sections, receivers: receivers({ organisationIds: ['org-1'] }), given: said({ at: hour(1) }) };
    given(opened, granted({ sections }), { type: 'PermissionRefused', refusal: refusal({ sections: ['identity'] }) })
      .when(stage(named, hour(1)))
      .refused('wider-than-before', 'receivers');
  });

  it('goes on with the permission that it follows, and with no other', () =>
    given(opened, granted({ permissionId: 'p0', purpose: 'health-care' }), granted())
      .when(stage())
      .then('PermissionGranted', 'PledgeMade'));

  it('names nobody else where the permission before it named organisations and no class', () => {
    const before = granted({ receivers: receivers({ organisationIds: ['org-1'] }) });
    given(opened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-2'] }) }))
      .refused('wider-than-before', 'receivers');
    given(opened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('does not go on with one that nobody gave, that ended, or that was taken back', () => {
    given(opened).when(stage()).refused('unknown-stage', 'after_permission_id');
    given(opened, granted(), takenBack('p1', hour(-30)))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
    given(opened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
  });
});

describe('a renewal', () => {
  const renews = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', renews: 'p1', validUntil: hour(48), ...more }, now);

  it('takes the question of the end from the permission before it', () => {
    const [first, end] = [granted(), { code: 'permission-ends', about: 'p1', due: hour(24) } as const];
    given(opened, first, { type: 'PledgeMade', pledge: end })
      .when(renews())
      .then(
        ...['PermissionGranted', 'PledgeMade'],
        { type: 'PermissionShortened', permissionId: 'p1', validUntil: noon },
        { type: 'PledgeKept', code: 'permission-ends', about: 'p1' },
      );
  });

  it('is possible when the permission before it has run out, and not when it was taken back', () => {
    given(opened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(renews())
      .then('PermissionGranted', 'PledgeMade');
    given(opened, granted(), takenBack('p1', hour(-30)))
      .when(renews())
      .refused('unknown-stage', 'renews_permission_id');
  });

  it('never widens what she said: neither whom, nor what, nor what for', () => {
    const exclusions = receivers({ serviceClasses: ['safe-accommodation'], excludedRegions: ['north'] });
    for (const [more, field] of [
      [{ receivers: exclusions, sections: ['health', 'identity'] }, 'sections'],
      [{ receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) }, 'receivers'],
      [{ receivers: receivers({ organisationIds: ['org-1'] }) }, 'receivers'],
      [{ receivers: receivers({ serviceClasses: ['safe-accommodation'] }) }, 'receivers'],
      [{ receivers: exclusions, purpose: 'health-care' }, 'purpose'],
    ] as const)
      given(opened, granted({ receivers: exclusions }))
        .when(renews(more))
        .refused('wider-than-before', field);
    given(opened, granted({ receivers: exclusions }))
      .when(renews({ receivers: exclusions }))
      .then('PermissionGranted', 'PledgeMade', 'PermissionShortened');
  });

  it('takes its place from the moment on which it begins', () => {
    given(opened, granted())
      .when(renews({ validFrom: hour(6) }))
      .then('PermissionGranted', 'PledgeMade', { type: 'PermissionShortened', validUntil: hour(6) });
    for (const validFrom of [hour(24), hour(30)])
      given(opened, granted()).when(renews({ validFrom })).then('PermissionGranted', 'PledgeMade');
    const shortened = given(opened, granted())
      .when(renews({ validFrom: hour(6) }))
      .state();
    expect(shortened.permissions[0]).toMatchObject({ validUntil: hour(6) });
  });

  it('goes on with the permission that it renews, and with no other', () => {
    given(opened, granted({ permissionId: 'p0', purpose: 'health-care' }), granted())
      .when(renews())
      .then('PermissionGranted', 'PledgeMade', { type: 'PermissionShortened', permissionId: 'p1' });
  });

  it('undoes no no: whom she refused since stays out, and a class that she refused cannot be renewed', () => {
    const refused = { type: 'PermissionRefused', refusal: refusal() } as const;
    const again = { given: said({ at: hour(1) }) };
    const file = given(opened, granted(), refused)
      .when(renews(again, hour(1)))
      .state();
    const [, renewed] = file.permissions;
    expect(renewed && leftOfReceivers(renewed, file.refusals, 'health').excludedOrganisationIds).toEqual(['org-1']);
    const noClass = refusal({ organisationIds: [], serviceClasses: ['safe-accommodation'] });
    given(opened, granted(), { ...refused, refusal: noClass })
      .when(renews(again, hour(1)))
      .refused('wider-than-before', 'receivers');
  });
});
