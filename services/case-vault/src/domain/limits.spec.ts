import { accept } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { fileAfter, given, hour, permission } from './case.fixture.ts';
import type { CaseFileEvent } from './events.ts';
import { withinLimit } from './limits.ts';

const many = (count: number): CaseFileEvent[] =>
  Array.from({ length: count }, (_, nth) => ({
    type: 'PermissionGranted',
    permission: permission({ permissionId: `p${nth}` }),
  }));
const tries = (kind: Parameters<typeof withinLimit>[1], events: CaseFileEvent[]) =>
  withinLimit(fileAfter(...events), kind, () =>
    accept<CaseFileEvent>({ type: 'CameOfAge', at: hour(0) }),
  ).kind;

describe('a case file', () => {
  it('takes the 500th permission and refuses the next one', () => {
    expect(tries('permissions', many(499))).toBe('accepted');
    expect(
      withinLimit(fileAfter(...many(500)), 'permissions', () => accept<CaseFileEvent>()),
    ).toEqual({
      kind: 'refused',
      refusal: 'too-many-permissions',
      field: 'case_id',
    });
  });

  it('takes a denial and a basis when it is full of permissions', () => {
    const denial: CaseFileEvent = {
      type: 'DenialRecorded',
      denial: {
        denialId: 'n1',
        purpose: 'accommodation',
        sections: [],
        organisationIds: [],
        serviceClasses: [],
        given: given(),
      },
    };
    expect(tries('denials', [...many(500), denial])).toBe('accepted');
    expect(tries('bases', many(500))).toBe('accepted');
  });
});
