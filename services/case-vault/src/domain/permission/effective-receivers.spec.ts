import { describe, expect, it } from 'vitest';
import { denial as denialWith, fileAfter, given, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { NewPermission } from './consent-records.ts';
import { deniedReceivers } from './effective-receivers.ts';

const NOBODY = { organisationIds: [], serviceClasses: [] };
const denied = denialWith({ serviceClasses: ['legal-aid'] });
const recorded: CaseFileEvent = { type: 'DenialRecorded', denial: denied };
const names = (...events: CaseFileEvent[]) =>
  deniedReceivers(fileAfter(recorded, ...events), denied);
const permitsAgain = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission({
    receivers: { ...permission().receivers, organisationIds: ['org-1'], serviceClasses: [] },
    given: given({ at: hour(1) }),
    ...more,
  }),
});

describe('a denial of an organisation and a service class', () => {
  it('names each of them until that one is permitted again', () => {
    expect(names()).toEqual({ organisationIds: ['org-1'], serviceClasses: ['legal-aid'] });
    expect(names(permitsAgain())).toEqual({ organisationIds: [], serviceClasses: ['legal-aid'] });
  });

  it('still names the organisation after a permission of another purpose, of another section, or not later', () => {
    const others: Partial<NewPermission>[] = [
      { purpose: 'health-care' },
      { sections: ['legal'] },
      { given: given({ at: noon }) },
    ];
    for (const other of others)
      expect(names(permitsAgain(other)).organisationIds).toEqual(['org-1']);
  });

  it('of two sections still names the organisation after a permission of one of them', () => {
    const ofTwo = denialWith({ sections: ['health', 'legal'] });
    const file = fileAfter({ type: 'DenialRecorded', denial: ofTwo }, permitsAgain());
    expect(deniedReceivers(file, ofTwo).organisationIds).toEqual(['org-1']);
  });

  it.each([
    ['withdrawn', ['org-1']],
    ['earlier-stage-withdrawn', ['org-1']],
    ['guardian-suspected', ['org-1']],
    ['came-of-age', []],
    ['expired', []],
  ] as const)(
    'names, after a later permission that ended because of "%s", %j',
    (cause, organisationIds) => {
      const ended: CaseFileEvent = {
        type: 'PermissionWithdrawn',
        permissionId: 'p1',
        at: hour(2),
        cause,
      };
      expect(names(permitsAgain(), ended).organisationIds).toEqual(organisationIds);
    },
  );

  it('names nobody when the guardian who made it is under suspicion', () => {
    const byGuardian = { ...denied, given: given({ at: noon, guardianId: 'g1' }) };
    const appointed = (suspectedAt: typeof noon | undefined): CaseFileEvent[] => [
      {
        type: 'GuardianAppointed',
        guardian: { guardianId: 'g1', from: noon, until: undefined, suspectedAt },
      },
      { type: 'DenialRecorded', denial: byGuardian },
    ];
    expect(deniedReceivers(fileAfter(...appointed(undefined)), byGuardian).organisationIds).toEqual(
      ['org-1'],
    );
    expect(deniedReceivers(fileAfter(...appointed(hour(1))), byGuardian)).toEqual(NOBODY);
  });
});
