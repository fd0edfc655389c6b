import type { Instant } from '@opennrm/runtime/decision';
import { basis, caseOpened, hour, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewBasis } from '../permission/basis.ts';
import type { NewPermission } from '../permission/consent-records.ts';
import { mayRead, type Reading, type ReadVerdict, type Relation } from './reading.ts';

export const shelter = 'shelter';
export const placed: Relation = {
  holdId: 'h1',
  serviceClass: 'safe-accommodation',
  region: 'north',
  purpose: 'accommodation',
};
export const fileWith = (...events: CaseFileEvent[]): CaseFile =>
  [caseOpened, ...events].reduce<CaseFile | undefined>(evolve, undefined) as CaseFile;
export const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
export const recorded = (more: Partial<NewBasis> = {}): CaseFileEvent => ({
  type: 'BasisRecorded',
  basis: { ...basis(more), isSubstitute: false, endedAt: undefined },
});
export const rule = (more: Partial<NewPermission['receivers']>) => ({
  excludedRegions: [],
  excludedOrganisationIds: [],
  organisationIds: [],
  serviceClasses: ['safe-accommodation'],
  ...more,
});
export const reads = (file: CaseFile, more: Partial<Reading> = {}, at: Instant = hour(1)) => {
  const wish = {
    organisation: shelter,
    section: 'health',
    purpose: 'accommodation',
    relations: [placed],
    powers: [],
  };
  const verdict: ReadVerdict = mayRead(file, { ...wish, ...more }, rules.powerLimits, at);
  return verdict.isAllowed ? { isAllowed: true, basis: verdict.basis } : verdict;
};
export const onBasis = (code: string) => ({ isAllowed: true, basis: code });
export const NOT_FOUND = { isAllowed: false, refusal: 'not-found' };
export const NO_BASIS = { isAllowed: false, refusal: 'no-basis' };
