import { specification } from '@opennrm/testkit/pure';
import { describe, it } from 'vitest';
import { basis, hour, noon, opened, permission } from './case.fixture.ts';
import type { CaseFile, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { grantPermission, recordBasis, withdrawPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const granted: CaseFileEvent = { type: 'PermissionGranted', permission: permission() };
const grants =
  (more: Partial<Permission> = {}, now = noon) =>
  (file: CaseFile) =>
    grantPermission(file, permission(more), now);
const withdraws =
  (permissionId = 'p1', now = hour(1)) =>
  (file: CaseFile) =>
    withdrawPermission(file, permissionId, now);
const nobody = { excludedRegions: [], excludedOrganisationIds: [], organisationIds: [], serviceClasses: [] };

describe('a permission', () => {
  it('is kept as it was given', () =>
    given(opened).when(grants()).then({ type: 'PermissionGranted', permission: permission() }));

  it('may begin later', () =>
    given(opened)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted'));

  it('is given once under its id', () =>
    given(opened, granted).when(grants()).refused('already-exists', 'permission_id'));

  it('names somebody who may receive', () =>
    given(opened)
      .when(grants({ receivers: nobody }))
      .refused('nobody-may-receive', 'receivers'));

  it('names an organisation, or a class of services: one is enough', () => {
    for (const receivers of [
      { ...nobody, organisationIds: ['org-1'] },
      { ...nobody, serviceClasses: ['legal-aid'] },
    ])
      given(opened).when(grants({ receivers })).then('PermissionGranted');
  });

  it('ends after it begins', () =>
    given(opened)
      .when(grants({ validFrom: hour(2), validUntil: hour(2) }))
      .refused('ends-before-it-begins', 'valid_until'));

  it('has not ended when it is recorded', () =>
    given(opened)
      .when(grants({}, hour(24)))
      .refused('already-ended', 'valid_until'));
});

describe('a withdrawal', () => {
  it('counts from the moment it is said', () =>
    given(opened, granted)
      .when(withdraws('p1', hour(3)))
      .then({ type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(3) }));

  it('is possible after the permission has ended, and before it begins', () => {
    given(opened, granted)
      .when(withdraws('p1', hour(99)))
      .then('PermissionWithdrawn');
    given(opened, granted)
      .when(withdraws('p1', hour(-1)))
      .then('PermissionWithdrawn');
  });

  it('said twice counts from the first time', () =>
    given(opened, granted, { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(1) })
      .when(withdraws('p1', hour(2)))
      .ignored('already-withdrawn'));

  it('is of a permission of this file', () =>
    given(opened, granted).when(withdraws('p2')).refused('not-found', 'permission_id'));

  it('cannot be undone by giving the same permission again', () =>
    given(opened, granted, { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(1) })
      .when(grants({}, hour(2)))
      .refused('already-exists', 'permission_id'));
});

describe('a legal basis', () => {
  const records =
    (more = {}, now = noon) =>
    (file: CaseFile) =>
      recordBasis(file, basis(more), now);

  it('is recorded beside permissions, and never instead of one', () =>
    given(opened, granted).when(records()).then({ type: 'BasisRecorded', basis: basis() }));

  it('is never a permission under another name: a withdrawal would not end it', () =>
    given(opened)
      .when(records({ code: 'permission' }))
      .refused('not-a-basis', 'code'));

  it('is recorded once under its id', () =>
    given(opened, { type: 'BasisRecorded', basis: basis() }).when(records()).refused('already-exists', 'basis_id'));

  it('ends after it begins, and has not ended yet', () => {
    given(opened)
      .when(records({ validUntil: hour(-1) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(opened)
      .when(records({}, hour(25)))
      .refused('already-ended', 'valid_until');
  });
});
