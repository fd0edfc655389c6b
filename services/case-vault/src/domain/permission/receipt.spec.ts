import { describe, expect, it } from 'vitest';
import { fileAfter, given, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { receiptOf, type Shown } from './receipt.ts';

const shown: Shown = {
  country: 'sample',
  hidden: ['safe-accommodation'],
  classOf: (organisation) => ({ 'org-shelter': 'safe-accommodation', 'org-lawyer': 'legal-aid' })[organisation],
};
const receivers = {
  ...{ excludedRegions: [], excludedOrganisationIds: [], serviceClasses: ['medical-care'] },
  organisationIds: ['org-shelter', 'org-lawyer'],
};
const granted: CaseFileEvent = { type: 'PermissionGranted', permission: permission({ receivers }) };
const states = (at = noon, ...events: CaseFileEvent[]) =>
  receiptOf(fileAfter(granted, ...events), 'p1', shown, at)?.events.map(({ state }) => state);

describe('a receipt', () => {
  it('says in codes what she permitted, to whom, how, and how she takes it back', () =>
    expect(receiptOf(fileAfter(granted), 'p1', shown, noon)).toMatchObject({
      ...{ recordId: 'p1', purpose: 'accommodation', informationCategories: ['health'], language: 'en' },
      ...{ collectionMethod: 'spoken', withdrawalMethod: 'in-person-written-or-by-telephone-at-any-time' },
    }));

  it('never names a place to stay: somebody may make her show it', () =>
    expect(receiptOf(fileAfter(granted), 'p1', shown, noon)?.recipients).toEqual([
      ...['medical-care', 'safe-accommodation', 'org-lawyer'],
    ]));

  it('says where the permission stands: given, over, taken back', () => {
    expect(states()).toEqual(['given']);
    expect(states(hour(24))).toEqual(['given', 'expired']);
    const back = { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(1), because: 'withdrawn' } as const;
    expect(states(hour(2), back)).toEqual(['given', 'withdrawn']);
  });

  it('is made of a no as well, and of nothing that was never said', () => {
    const refusal = {
      ...{ refusalId: 'n1', purpose: 'accommodation', sections: ['health'], organisationIds: ['org-shelter'] },
      ...{ serviceClasses: [], given: given() },
    };
    const file = fileAfter({ type: 'PermissionRefused', refusal });
    expect(receiptOf(file, 'n1', shown, noon)).toMatchObject({
      ...{ recipients: ['safe-accommodation'], events: [{ state: 'refused', by: 'person' }] },
    });
    expect(receiptOf(file, 'p1', shown, noon)).toBeUndefined();
  });
});
