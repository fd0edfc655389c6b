import { accept } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { fileAfter, given, permission } from './case.fixture.ts';
import type { CaseFileEvent } from './events.ts';
import { whereRoom } from './limits.ts';

const many = (count: number): CaseFileEvent[] =>
  Array.from({ length: count }, (_, nth) => ({
    ...{ type: 'PermissionGranted', permission: permission({ permissionId: `p${nth}` }) },
  }));
const tries = (kind: Parameters<typeof whereRoom>[1], events: CaseFileEvent[]) =>
  whereRoom(fileAfter(...events), kind, () => accept<CaseFileEvent>({ type: 'CameOfAge' })).kind;

describe('a file', () => {
  it('has room for more records than any honest case has, and for no more', () => {
    expect(tries('permissions', many(499))).toBe('accepted');
    expect(whereRoom(fileAfter(...many(500)), 'permissions', () => accept<CaseFileEvent>())).toEqual({
      ...{ kind: 'refused', refusal: 'too-many-permissions', field: 'case_id' },
    });
  });

  it('that is full of one kind still takes her no, and a basis', () => {
    const no: CaseFileEvent = {
      type: 'PermissionRefused',
      refusal: {
        ...{ refusalId: 'n1', purpose: 'accommodation', sections: [], organisationIds: [], serviceClasses: [] },
        given: given(),
      },
    };
    expect(tries('refusals', [...many(500), no])).toBe('accepted');
    expect(tries('bases', many(500))).toBe('accepted');
  });
});
