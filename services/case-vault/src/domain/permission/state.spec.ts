import { describe, expect, it } from 'vitest';
import { fileAfter, given, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { stateOf } from './state.ts';

const granted: CaseFileEvent = {
  type: 'PermissionGranted',
  permission: permission({ sections: ['health', 'legal'] }),
};
const denial = (
  sections: string[],
  more: { organisationIds?: string[]; serviceClasses?: string[] },
): CaseFileEvent => ({
  type: 'DenialRecorded',
  denial: {
    denialId: sections.join(),
    purpose: 'accommodation',
    sections,
    organisationIds: [],
    serviceClasses: [],
    ...more,
    given: given({ at: hour(1) }),
  },
});
const state = (at = hour(2), ...events: CaseFileEvent[]) => {
  const { permissions, denials } = fileAfter(granted, ...events);
  return permissions[0] && stateOf(permissions[0], denials, at);
};
const SHELTERS = { serviceClasses: ['safe-accommodation'] };

describe('a permission', () => {
  it('is not yet, stands, and is over', () =>
    expect([hour(-1), noon, hour(24)].map((at) => state(at))).toEqual([
      'not-yet-valid',
      'valid',
      'expired',
    ]));

  it('says why it ended, if it did before', () =>
    expect(
      state(hour(2), {
        type: 'PermissionWithdrawn',
        permissionId: 'p1',
        at: hour(1),
        cause: 'came-of-age',
      }),
    ).toBe('came-of-age'));

  it('is narrowed by a later no to somebody, or of one section', () => {
    expect(state(hour(2), denial(['health', 'legal'], { organisationIds: ['shelter'] }))).toBe(
      'narrowed',
    );
    expect(state(hour(2), denial(['health'], SHELTERS))).toBe('narrowed');
    expect(state(hour(2), denial(['identity'], SHELTERS))).toBe('valid');
    expect(state(hour(2), denial(['health', 'identity'], SHELTERS))).toBe('narrowed');
  });

  it('is narrowed by no no for another purpose', () => {
    const refused = denial(['health'], SHELTERS);
    if (refused.type !== 'DenialRecorded') throw new Error('a no');
    const other: CaseFileEvent = {
      ...refused,
      denial: { ...refused.denial, purpose: 'health-care' },
    };
    expect(state(hour(2), other)).toBe('valid');
  });

  it('is narrowed by no earlier no to somebody whom it names again', () => {
    const receivers = {
      ...permission().receivers,
      organisationIds: ['shelter'],
      serviceClasses: [],
    };
    const again: CaseFileEvent = {
      type: 'PermissionGranted',
      permission: permission({ receivers, given: given({ at: hour(2) }), validFrom: hour(2) }),
    };
    const { permissions, denials } = fileAfter(
      denial(['health'], { organisationIds: ['shelter'] }),
      again,
    );
    expect(permissions[0] && stateOf(permissions[0], denials, hour(3))).toBe('valid');
  });

  it('reaches nobody where whoever is left is excluded by name', () => {
    const receivers = {
      ...permission().receivers,
      organisationIds: ['shelter', 'clinic'],
      excludedOrganisationIds: ['clinic'],
      serviceClasses: [],
    };
    const named: CaseFileEvent = {
      type: 'PermissionGranted',
      permission: permission({ receivers }),
    };
    const { permissions, denials } = fileAfter(
      named,
      denial(['health'], { organisationIds: ['shelter'] }),
    );
    expect(permissions[0] && stateOf(permissions[0], denials, hour(2))).toBe('no-receiver-left');
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
      const { permissions, denials } = fileAfter(
        { type: 'PermissionGranted', permission: named },
        denial(['health'], { organisationIds }),
      );
      return permissions[0] && stateOf(permissions[0], denials, hour(2));
    };
    expect(stateAfterNo('shelter')).toBe('narrowed');
    expect(stateAfterNo('shelter', 'clinic')).toBe('no-receiver-left');
  });

  it('that is narrowed to nobody does not say that it stands', () =>
    expect(state(hour(2), denial(['health', 'legal'], SHELTERS))).toBe('no-receiver-left'));
});
