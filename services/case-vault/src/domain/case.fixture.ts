import { type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseId, LegalBasis, OrganisationId, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
const HOUR = 3_600_000;
/** So many hours after noon of the first day; negative is before. */
export const hour = (n: number): Instant => instant(noon + n * HOUR);

export const caseId = 'case-1' as CaseId;
export const owner = 'owner' as OrganisationId;

export const opened: CaseFileEvent = {
  ...{ type: 'CaseOpened', caseId, ownerOrg: owner, need: 'safe-accommodation', at: noon },
};

/** A permission for women's shelters to read `health` while the person is placed, for a day from noon. */
export const permission = (more: Partial<Permission> = {}): Omit<Permission, 'withdrawnAt'> => {
  const { withdrawnAt: _never, receivers, ...rest } = more;
  return {
    ...{ permissionId: 'p1', purpose: 'accommodation', sections: ['health'], validFrom: noon, validUntil: hour(24) },
    ...{ form: 'spoken', language: 'en', interpreter: false },
    receivers: {
      ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [] },
      ...{ serviceClasses: ['safe-accommodation'], ...receivers },
    },
    ...rest,
  };
};

export const basis = (more: Partial<LegalBasis> = {}): LegalBasis => ({
  ...{ basisId: 'b1', code: 'vital-interest', purpose: 'accommodation', sections: ['health'] },
  ...{ validFrom: noon, validUntil: hour(24), ...more },
});
