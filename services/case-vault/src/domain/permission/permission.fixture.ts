import { specification } from '@opennrm/testkit/pure';
import { asking, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, ReceiverRule } from './consent-records.ts';
import { grantPermission } from './permission.ts';

export const { given } = specification<CaseFile, CaseFileEvent>(evolve);
export const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
export const withdrawn = (permissionId = 'p1', at = hour(2)): CaseFileEvent => ({
  type: 'PermissionWithdrawn',
  permissionId,
  at,
  cause: 'withdrawn',
});
export const grants =
  (more: Partial<NewPermission> = {}, now = noon) =>
  (file: CaseFile) =>
    grantPermission(file, permission(more), asking(now));
export const receivers = (more: Partial<ReceiverRule>): ReceiverRule => ({
  excludedRegions: [],
  excludedOrganisationIds: [],
  organisationIds: [],
  serviceClasses: [],
  ...more,
});
