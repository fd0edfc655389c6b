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
  const reader = { organisation: 'clinic', purpose: 'health-care', relations: [], powers: [], ...more };
  const verdict = mayReadSafetyNotes(fileAfter(...events), reader, rules.walls, at);
  return verdict.may ? verdict.basis : verdict.refusal;
};
const named = (more: Parameters<typeof permission>[0] = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission({
    ...{ purpose: 'health-care' },
    receivers: { excludedRegions: [], excludedOrganisationIds: [], serviceClasses: [], organisationIds: ['clinic'] },
    ...more,
  }),
});
const glass = (sections: string[]): CaseFileEvent[] => [
  {
    type: 'OpeningAsked',
    opened: {
      ...{ openingId: 'o1', organisation: 'clinic', by: 'doctor', reason: 'life-at-risk', sections },
      ...{ lifeAtRisk: true, at: noon, second: undefined, until: undefined, review: undefined },
    },
  },
  { type: 'FileOpened', openingId: 'o1', second: undefined, until: hour(4) },
];

it('the notes that keep a person safe are those of a kind that says so, until each is ended', () => {
  const note = (noteId: string, safety: string | undefined): CaseFileEvent => {
    return { type: 'NoteWritten', noteId, at: noon, safety };
  };
  const notes = [note('n1', 'allergy'), note('n2', undefined), note('n3', 'keep-away')];
  const allergy = { noteId: 'n1', kind: 'allergy' };
  expect(fileAfter(...notes).safetyNotes).toEqual([allergy, { noteId: 'n3', kind: 'keep-away' }]);
  expect(fileAfter(...notes, { type: 'SafetyNoteEnded', noteId: 'n3' }).safetyNotes).toEqual([allergy]);
});

describe('a note that keeps her safe is read', () => {
  it('by whoever cares for her now, for any purpose', () =>
    expect(warned([], { relations: [placed] })).toBe('vital-interest'));

  it('by the clinic that she permits by name to know of her health, for that purpose', () => {
    expect(warned([named()])).toBe('permission');
    expect(warned([named()], { purpose: 'legal-aid' })).toBe('no-basis');
    expect(warned([named({ sections: ['legal'] })])).toBe('no-basis');
  });

  it('by the hospital that opened her health at night, until it closes', () => {
    expect(warned(glass(['health']))).toBe('break-glass');
    expect(warned(glass(['identity']))).toBe('no-basis');
    expect(warned(glass(['health']), {}, hour(4))).toBe('not-found');
  });

  it('by a controller, on the basis that it has for her health', () => {
    const recorded = basis({ controller: 'clinic', purpose: 'health-care', code: 'legal-obligation' });
    expect(warned([{ type: 'BasisRecorded', basis: { ...recorded, standsIn: false, endedAt: undefined } }])).toBe(
      'legal-obligation',
    );
  });

  it('by nobody else, and never by a body that also enforces', () => {
    expect(warned([])).toBe('not-found');
    expect(warned([named()], { organisation: 'another' })).toBe('not-found');
    expect(warned([named()], { relations: [placed], powers: ['enforcement'] })).toBe('not-found');
  });
});
