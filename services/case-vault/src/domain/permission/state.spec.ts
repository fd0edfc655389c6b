import { describe, expect, it } from 'vitest';
import { fileAfter, given, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { stateOf } from './state.ts';

const granted: CaseFileEvent = { type: 'PermissionGranted', permission: permission({ sections: ['health', 'legal'] }) };
const no = (sections: string[], more: { organisationIds?: string[]; serviceClasses?: string[] }): CaseFileEvent => ({
  type: 'PermissionRefused',
  refusal: {
    ...{ refusalId: sections.join(), purpose: 'accommodation', sections, organisationIds: [], serviceClasses: [] },
    ...{ ...more, given: given({ at: hour(1) }) },
  },
});
const state = (at = hour(2), ...events: CaseFileEvent[]) => {
  const { permissions, refusals } = fileAfter(granted, ...events);
  return permissions[0] && stateOf(permissions[0], refusals, at);
};
const SHELTERS = { serviceClasses: ['safe-accommodation'] };

describe('a permission', () => {
  it('is not yet, stands, and is over', () =>
    expect([hour(-1), noon, hour(24)].map((at) => state(at))).toEqual(['not-yet', 'standing', 'over']));

  it('says why it ended, if it did before', () =>
    expect(
      state(hour(2), { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(1), because: 'came-of-age' }),
    ).toBe('came-of-age'));

  it('is narrowed by a later no to somebody, or of one section', () => {
    expect(state(hour(2), no(['health', 'legal'], { organisationIds: ['shelter'] }))).toBe('narrowed');
    expect(state(hour(2), no(['health'], SHELTERS))).toBe('narrowed');
    expect(state(hour(2), no(['identity'], SHELTERS))).toBe('standing');
    expect(state(hour(2), no(['health', 'identity'], SHELTERS))).toBe('narrowed');
  });

  it('is narrowed by no no for another purpose', () => {
    const refused = no(['health'], SHELTERS);
    if (refused.type !== 'PermissionRefused') throw new Error('a no');
    const other: CaseFileEvent = { ...refused, refusal: { ...refused.refusal, purpose: 'health-care' } };
    expect(state(hour(2), other)).toBe('standing');
  });

  it('is narrowed by no earlier no to somebody whom it names again', () => {
    const receivers = { ...permission().receivers, organisationIds: ['shelter'], serviceClasses: [] };
    const again: CaseFileEvent = {
      type: 'PermissionGranted',
      permission: permission({ receivers, given: given({ at: hour(2) }), validFrom: hour(2) }),
    };
    const { permissions, refusals } = fileAfter(no(['health'], { organisationIds: ['shelter'] }), again);
    expect(permissions[0] && stateOf(permissions[0], refusals, hour(3))).toBe('standing');
  });

  it('reaches nobody where whoever is left is excluded by name', () => {
    const receivers = {
      ...permission().receivers,
      organisationIds: ['shelter', 'clinic'],
      excludedOrganisationIds: ['clinic'],
      serviceClasses: [],
    };
    const named: CaseFileEvent = { type: 'PermissionGranted', permission: permission({ receivers }) };
    const { permissions, refusals } = fileAfter(named, no(['health'], { organisationIds: ['shelter'] }));
    expect(permissions[0] && stateOf(permissions[0], refusals, hour(2))).toBe('nobody-left');
  });

  it('that names organisations is narrowed by a no to one of them, and reaches nobody after a no to all', () => {
    const named = permission({
      receivers: {
        excludedRegions: [],
        excludedOrganisationIds: [],
        organisationIds: ['shelter', 'clinic'],
        serviceClasses: [],
      },
    });
    const stateAfterNo = (...organisationIds: string[]) => {
      const { permissions, refusals } = fileAfter(
        { type: 'PermissionGranted', permission: named },
        no(['health'], { organisationIds }),
      );
      return permissions[0] && stateOf(permissions[0], refusals, hour(2));
    };
    expect(stateAfterNo('shelter')).toBe('narrowed');
    expect(stateAfterNo('shelter', 'clinic')).toBe('nobody-left');
  });

  it('that is narrowed to nobody does not say that it stands', () =>
    expect(state(hour(2), no(['health', 'legal'], SHELTERS))).toBe('nobody-left'));
});
