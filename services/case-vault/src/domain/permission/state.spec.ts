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
  it('is not yet valid before its beginning, then valid, and expired from its end', () =>
    expect([hour(-1), noon, hour(24)].map((at) => state(at))).toEqual([
      'not-yet-valid',
      'valid',
      'expired',
    ]));

  it('has the cause of its end as its state when it ended early', () =>
    expect(
      state(hour(2), {
        type: 'PermissionWithdrawn',
        permissionId: 'p1',
        at: hour(1),
        cause: 'came-of-age',
      }),
    ).toBe('came-of-age'));

  it('is narrowed by a later denial of one organisation or of one section', () => {
    expect(state(hour(2), denial(['health', 'legal'], { organisationIds: ['shelter'] }))).toBe(
      'narrowed',
    );
    expect(state(hour(2), denial(['health'], SHELTERS))).toBe('narrowed');
    expect(state(hour(2), denial(['identity'], SHELTERS))).toBe('valid');
    expect(state(hour(2), denial(['health', 'identity'], SHELTERS))).toBe('narrowed');
  });

  it('is not narrowed by a denial for another purpose', () => {
    const refused = denial(['health'], SHELTERS);
    if (refused.type !== 'DenialRecorded') throw new Error('not a denial');
    const other: CaseFileEvent = {
      ...refused,
      denial: { ...refused.denial, purpose: 'health-care' },
    };
    expect(state(hour(2), other)).toBe('valid');
  });

  it('is not narrowed by an earlier denial of an organisation that it names', () => {
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

  it('has no receiver left when all remaining organisations are excluded by name', () => {
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

  it('is narrowed by a denial of one named organisation, and has no receiver left after a denial of all', () => {
    const named = permission({
      receivers: {
        excludedRegions: [],
        excludedOrganisationIds: [],
        organisationIds: ['shelter', 'clinic'],
        serviceClasses: [],
      },
    });
    const stateAfterDenial = (...organisationIds: string[]) => {
      const { permissions, denials } = fileAfter(
        { type: 'PermissionGranted', permission: named },
        denial(['health'], { organisationIds }),
      );
      return permissions[0] && stateOf(permissions[0], denials, hour(2));
    };
    expect(stateAfterDenial('shelter')).toBe('narrowed');
    expect(stateAfterDenial('shelter', 'clinic')).toBe('no-receiver-left');
  });

  it('has no receiver left after a denial of its whole service class', () =>
    expect(state(hour(2), denial(['health', 'legal'], SHELTERS))).toBe('no-receiver-left'));
});
