import { specification } from '@opennrm/testkit/pure';
import { hour, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission } from './consent-records.ts';
import { withdrawPermission } from './withdrawal.ts';
import type { Channel } from './withdrawal-record.ts';

export const { given } = specification<CaseFile, CaseFileEvent>(evolve);
export const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
export const known = (service: string, reference: string): CaseFileEvent => ({
  type: 'ReferenceRegistered',
  service,
  reference,
});
export const withdraws =
  (permissionId = 'p1', now = hour(1), channel: Channel = 'in-person') =>
  (file: CaseFile) =>
    withdrawPermission(file, { permissionId, channel }, rules, now);
