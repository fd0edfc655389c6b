import { describe, expect, it } from 'vitest';
import { basis, fileAfter, hour, noon, permission, rules } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { Reading, Relation } from './reading.ts';
import { mayReadSafetyNotes } from './safety-notes.ts';

const placed: Relation = {
  holdId: 'h1',
  serviceClass: 'safe-accommodation',
  region: 'north',
  purpose: 'accommodation',
};
const warned = (events: CaseFileEvent[], more: Partial<Reading> = {}, at = noon) => {
  const reader = {
    organisation: 'clinic',
    purpose: 'health-care',
    relations: [],
    powers: [],
    ...more,
  };
  const verdict = mayReadSafetyNotes(fileAfter(...events), reader, rules.powerLimits, at);
  return verdict.isAllowed ? verdict.basis : verdict.refusal;
};
const named = (more: Parameters<typeof permission>[0] = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission({
    purpose: 'health-care',
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds: [],
      serviceClasses: [],
      organisationIds: ['clinic'],
    },
    ...more,
  }),
});
const opening = (sections: string[]): CaseFileEvent[] => [
  {
    type: 'OpeningRequested',
    opening: {
      openingId: 'o1',
      organisation: 'clinic',
      by: 'doctor',
      reason: 'life-at-risk',
      sections,
      lifeAtRisk: true,
      at: noon,
      confirmedBy: undefined,
      until: undefined,
      review: undefined,
    },
  },
  { type: 'FileOpened', openingId: 'o1', confirmedBy: undefined, until: hour(4) },
];

it('a note with a safety kind is a safety note of the file until it is ended', () => {
  const note = (noteId: string, safety: string | undefined): CaseFileEvent => {
    return { type: 'NoteWritten', noteId, at: noon, safety };
  };
  const notes = [note('n1', 'allergy'), note('n2', undefined), note('n3', 'keep-away')];
  const allergy = { noteId: 'n1', kind: 'allergy' };
  expect(fileAfter(...notes).safetyNotes).toEqual([allergy, { noteId: 'n3', kind: 'keep-away' }]);
  expect(fileAfter(...notes, { type: 'SafetyNoteEnded', noteId: 'n3' }).safetyNotes).toEqual([
    allergy,
  ]);
});

describe('mayReadSafetyNotes', () => {
  it('allows an organisation with a relation', () =>
    expect(warned([], { relations: [placed] })).toBe('vital-interest'));

  it('allows an organisation that a permission for health names, for that purpose only', () => {
    expect(warned([named()])).toBe('permission');
    expect(warned([named()], { purpose: 'legal-aid' })).toBe('no-basis');
    expect(warned([named({ sections: ['legal'] })])).toBe('no-basis');
  });

  it('allows an organisation with an open break-glass access to health', () => {
    expect(warned(opening(['health']))).toBe('break-glass');
    expect(warned(opening(['identity']))).toBe('no-basis');
    expect(warned(opening(['health']), {}, hour(4))).toBe('not-found');
  });

  it('allows a controller with a legal basis for health', () => {
    const recorded = basis({
      controller: 'clinic',
      purpose: 'health-care',
      code: 'legal-obligation',
    });
    expect(
      warned([
        { type: 'BasisRecorded', basis: { ...recorded, isSubstitute: false, endedAt: undefined } },
      ]),
    ).toBe('legal-obligation');
  });

  it('allows no other organisation, and never one with a power to enforce', () => {
    expect(warned([])).toBe('not-found');
    expect(warned([named()], { organisation: 'another' })).toBe('not-found');
    expect(warned([named()], { relations: [placed], powers: ['enforcement'] })).toBe('not-found');
  });
});
