import { specification } from '@opennrm/testkit/pure';
import { asking, given as consentGiven, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { ConsentDetails } from '../permission/consent-records.ts';
import { grantPermission } from '../permission/permission.ts';

export const { given } = specification<CaseFile, CaseFileEvent>(evolve);
export const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child', at: hour(0) };
export const guardian: CaseFileEvent = {
  type: 'GuardianAppointed',
  guardian: { guardianId: 'g1', from: hour(-48), until: hour(20), suspectedAt: undefined },
};
export const givesPermission =
  (more: Partial<ConsentDetails>, now = noon, permissionId = 'p1') =>
  (file: CaseFile) =>
    grantPermission(file, permission({ permissionId, given: consentGiven(more) }), asking(now));
export const byGuardian = { guardianId: 'g1', childView: 'agrees' } as const;
