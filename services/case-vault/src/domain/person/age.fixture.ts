import { specification } from '@opennrm/testkit/pure';
import { given as consentGiven, hour, owner, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission } from '../permission/consent-records.ts';
import type { Age } from './person.ts';

export const { given } = specification<CaseFile, CaseFileEvent>(evolve);
export const age = (one: Exclude<Age, 'not-stated'>, at = hour(0)): CaseFileEvent => ({
  type: 'AgeRecorded',
  age: one,
  at,
});
export const known: CaseFileEvent = {
  type: 'ReferenceRegistered',
  service: 'referral',
  reference: 'r1',
};
export const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
export const byGuardian = (more: Partial<NewPermission> = {}): CaseFileEvent =>
  granted({ given: consentGiven({ guardianId: 'g1', childView: 'agrees' }), ...more });
export const asks = (now = hour(1)) => ({ rules, now, mint: () => 'interim' });
export const interimBasis = {
  basisId: 'interim',
  code: 'duty-of-care',
  purpose: 'accommodation',
  sections: ['health'],
  validFrom: hour(1),
  validUntil: hour(1 + 14 * 24),
  controller: owner,
  isSubstitute: true,
};
export const interimBasisEnds: CaseFileEvent = {
  type: 'DeadlineSet',
  deadline: { code: 'basis-ends', about: 'interim', due: hour(1 + 14 * 24) },
};
