import { describe, expect, it } from 'vitest';
import {
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  noon,
  permission,
} from '../case.fixture.ts';
import type { NewPermission } from './consent-records.ts';
import { effectiveReceivers } from './effective-receivers.ts';
import { given, granted, grants, receivers, withdrawn } from './permission.fixture.ts';

describe('a later stage', () => {
  const stage = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', after: 'p1', ...more }, now);

  it('may name an organisation of the permitted class, and is refused when it is wider in anything', () => {
    const named = receivers({ organisationIds: ['org-1'] });
    given(caseOpened, granted())
      .when(stage({ receivers: named }))
      .then('PermissionGranted', 'DeadlineSet');
    for (const [more, field] of [
      [{ purpose: 'health-care' }, 'purpose'],
      [{ sections: ['health', 'identity'] }, 'sections'],
      [{ validUntil: hour(25) }, 'valid_until'],
      [{ receivers: receivers({ serviceClasses: ['legal-aid'] }) }, 'receivers'],
    ] as const)
      given(caseOpened, granted())
        .when(stage({ receivers: named, ...more }))
        .refused('wider-than-before', field);
  });

  it('keeps the exclusions of the earlier stage, and may name neither an excluded nor a denied organisation', () => {
    const excluding = {
      ...permission().receivers,
      excludedRegions: ['north'],
      excludedOrganisationIds: ['org-9'],
    };
    const before = granted({ receivers: excluding });
    const named = receivers({ organisationIds: ['org-1'] });
    const file = given(caseOpened, before)
      .when(stage({ receivers: named }))
      .state();
    expect(file.permissions[1]?.receivers).toMatchObject({
      excludedRegions: ['north'],
      excludedOrganisationIds: ['org-9'],
      organisationIds: ['org-1'],
    });
    given(caseOpened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-9'] }) }))
      .refused('wider-than-before', 'receivers');
    given(caseOpened, before, { type: 'DenialRecorded', denial: denial() })
      .when(stage({ receivers: named, given: consentGiven({ at: hour(1) }) }, hour(1)))
      .refused('wider-than-before', 'receivers');
  });

  it('keeps the exclusions of the permission that it follows, not those of another one', () => {
    const other = granted({
      permissionId: 'p0',
      receivers: { ...permission().receivers, excludedRegions: ['south'] },
    });
    const before = granted({
      receivers: { ...permission().receivers, excludedRegions: ['north'] },
    });
    const file = given(caseOpened, other, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .state();
    expect(file.permissions[2]?.receivers.excludedRegions).toEqual(['north']);
  });

  it('is refused when one of two named organisations is excluded', () => {
    const both = receivers({ organisationIds: ['org-1', 'org-9'] });
    const excluding = { ...permission().receivers, excludedOrganisationIds: ['org-9'] };
    given(caseOpened, granted({ receivers: excluding }))
      .when(stage({ receivers: both }))
      .refused('wider-than-before', 'receivers');
  });

  it('is refused for an organisation that was denied for one of its sections', () => {
    const sections = ['health', 'identity'];
    const named = {
      sections,
      receivers: receivers({ organisationIds: ['org-1'] }),
      given: consentGiven({ at: hour(1) }),
    };
    given(caseOpened, granted({ sections }), {
      type: 'DenialRecorded',
      denial: denial({ sections: ['identity'] }),
    })
      .when(stage(named, hour(1)))
      .refused('wider-than-before', 'receivers');
  });

  it('is compared with the permission that it follows, and with no other', () =>
    given(caseOpened, granted({ permissionId: 'p0', purpose: 'health-care' }), granted())
      .when(stage())
      .then('PermissionGranted', 'DeadlineSet'));

  it('may not name another organisation when the permission before named no class', () => {
    const before = granted({ receivers: receivers({ organisationIds: ['org-1'] }) });
    given(caseOpened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-2'] }) }))
      .refused('wider-than-before', 'receivers');
    given(caseOpened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is refused when the permission before does not exist, was withdrawn, or has expired', () => {
    given(caseOpened).when(stage()).refused('unknown-stage', 'after_permission_id');
    given(caseOpened, granted(), withdrawn('p1', hour(-30)))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
    given(caseOpened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
  });
});

describe('a renewal', () => {
  const renews = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', renews: 'p1', validUntil: hour(48), ...more }, now);

  it('shortens the permission before it and meets its deadline', () => {
    const [first, end] = [
      granted(),
      { code: 'permission-ends', about: 'p1', due: hour(24) } as const,
    ];
    given(caseOpened, first, { type: 'DeadlineSet', deadline: end })
      .when(renews())
      .then(
        'PermissionGranted',
        'DeadlineSet',
        { type: 'PermissionShortened', permissionId: 'p1', validUntil: noon },
        { type: 'DeadlineMet', code: 'permission-ends', about: 'p1' },
      );
  });

  it('is accepted when the permission before it has expired, and refused when it was withdrawn', () => {
    given(caseOpened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(renews())
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted(), withdrawn('p1', hour(-30)))
      .when(renews())
      .refused('unknown-stage', 'renews_permission_id');
  });

  it('is refused when it widens receivers or sections, or changes the purpose', () => {
    const exclusions = receivers({
      serviceClasses: ['safe-accommodation'],
      excludedRegions: ['north'],
    });
    for (const [more, field] of [
      [{ receivers: exclusions, sections: ['health', 'identity'] }, 'sections'],
      [
        { receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) },
        'receivers',
      ],
      [{ receivers: receivers({ organisationIds: ['org-1'] }) }, 'receivers'],
      [{ receivers: receivers({ serviceClasses: ['safe-accommodation'] }) }, 'receivers'],
      [{ receivers: exclusions, purpose: 'health-care' }, 'purpose'],
    ] as const)
      given(caseOpened, granted({ receivers: exclusions }))
        .when(renews(more))
        .refused('wider-than-before', field);
    given(caseOpened, granted({ receivers: exclusions }))
      .when(renews({ receivers: exclusions }))
      .then('PermissionGranted', 'DeadlineSet', 'PermissionShortened');
  });

  it('ends the permission before it at its own beginning', () => {
    given(caseOpened, granted())
      .when(renews({ validFrom: hour(6) }))
      .then('PermissionGranted', 'DeadlineSet', {
        type: 'PermissionShortened',
        validUntil: hour(6),
      });
    for (const validFrom of [hour(24), hour(30)])
      given(caseOpened, granted())
        .when(renews({ validFrom }))
        .then('PermissionGranted', 'DeadlineSet');
    const shortened = given(caseOpened, granted())
      .when(renews({ validFrom: hour(6) }))
      .state();
    expect(shortened.permissions[0]).toMatchObject({ validUntil: hour(6) });
  });

  it('is compared with the permission that it renews, and with no other', () => {
    given(caseOpened, granted({ permissionId: 'p0', purpose: 'health-care' }), granted())
      .when(renews())
      .then('PermissionGranted', 'DeadlineSet', {
        type: 'PermissionShortened',
        permissionId: 'p1',
      });
  });

  it('does not undo a denial', () => {
    const refused = { type: 'DenialRecorded', denial: denial() } as const;
    const again = { given: consentGiven({ at: hour(1) }) };
    const file = given(caseOpened, granted(), refused)
      .when(renews(again, hour(1)))
      .state();
    const [, renewed] = file.permissions;
    expect(
      renewed && effectiveReceivers(renewed, file.denials, 'health').excludedOrganisationIds,
    ).toEqual(['org-1']);
    const noClass = denial({ organisationIds: [], serviceClasses: ['safe-accommodation'] });
    given(caseOpened, granted(), { ...refused, denial: noClass })
      .when(renews(again, hour(1)))
      .refused('wider-than-before', 'receivers');
  });
});
