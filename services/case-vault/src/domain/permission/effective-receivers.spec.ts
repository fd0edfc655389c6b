import { describe, expect, it } from 'vitest';
import { fileAfter, given, hour, noon, permission, denial as refusal } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { NewPermission } from './consent-records.ts';
import { deniedReceivers } from './effective-receivers.ts';

const NOBODY = { organisationIds: [], serviceClasses: [] };
const no = refusal({ serviceClasses: ['legal-aid'] });
const said: CaseFileEvent = { type: 'DenialRecorded', denial: no };
const names = (...events: CaseFileEvent[]) => deniedReceivers(fileAfter(said, ...events), no);
const permitsAgain = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission({
    receivers: { ...permission().receivers, organisationIds: ['org-1'], serviceClasses: [] },
    given: given({ at: hour(1) }),
    ...more,
  }),
});

describe('a no to an organisation and a class', () => {
  it('names both until they are permitted again, each for itself', () => {
    expect(names()).toEqual({ organisationIds: ['org-1'], serviceClasses: ['legal-aid'] });
    expect(names(permitsAgain())).toEqual({ organisationIds: [], serviceClasses: ['legal-aid'] });
  });

  it('is answered by no permission for another purpose, of another section, or said before it', () => {
    const others: Partial<NewPermission>[] = [
      { purpose: 'health-care' },
      { sections: ['legal'] },
      { given: given({ at: noon }) },
    ];
    for (const other of others)
      expect(names(permitsAgain(other)).organisationIds).toEqual(['org-1']);
  });

  it('of two sections is answered by no permission for one of them', () => {
    const ofTwo = refusal({ sections: ['health', 'legal'] });
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
    'is answered by a permission that ended because of "%s": it names %j',
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

  it('names nobody where a guardian gave it who is under suspicion', () => {
    const byGuardian = { ...no, given: given({ at: noon, guardianId: 'g1' }) };
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
