import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import type { SectionHistory } from './section-history.ts';

export interface Entry {
  readonly section: string;
  readonly writtenBy: string;
  /** The reason of a correction. It replaces the version before, which stays readable. */
  readonly corrects: string | undefined;
}

/** A new version of a section; earlier versions stay sealed under the same key. */
export function writeSection(
  file: CaseFile,
  { section, writtenBy, corrects }: Entry,
  now: Instant,
): Decision<CaseFileEvent, 'nothing-to-correct'> {
  const before = file.sections[section];
  if (corrects !== undefined && !before) return refuse('nothing-to-correct', 'corrects');
  const version = (before?.version ?? 0) + 1;
  return accept<CaseFileEvent>({
    type: 'SectionWritten',
    section,
    version,
    writtenBy,
    at: now,
    corrects,
  });
}

const DISAGREEMENTS_AT_MOST = 50;

/** Records that the person disagrees with an entry (GDPR article 16). The entry and the disagreement both stay. */
export function recordDisagreement(
  file: CaseFile,
  {
    section,
    version,
    noteId,
  }: { readonly section: string; readonly version: number; readonly noteId: string },
): Decision<CaseFileEvent, 'no-such-version' | 'already-recorded' | 'too-many-disagreements'> {
  const history = file.sections[section];
  if (!history || version < 1 || version > history.version)
    return refuse('no-such-version', 'version');
  if (history.disagreements.some((one) => one.noteId === noteId))
    return refuse('already-recorded', 'note_id');
  if (history.disagreements.length >= DISAGREEMENTS_AT_MOST)
    return refuse('too-many-disagreements', 'section');
  return accept<CaseFileEvent>({ type: 'DisagreementRecorded', section, version, noteId });
}

/** Only the person retracts a disagreement; a new version of the section does not. */
export function retractDisagreement(
  file: CaseFile,
  { section, noteId }: { readonly section: string; readonly noteId: string },
): Decision<CaseFileEvent, 'not-found'> {
  const exists = file.sections[section]?.disagreements.some((one) => one.noteId === noteId);
  return exists
    ? accept<CaseFileEvent>({ type: 'DisagreementRetracted', section, noteId })
    : refuse('not-found', 'note_id');
}

/** Disagreements with this version and with earlier ones that were not retracted. */
export const disagreementsWith = (history: SectionHistory, version: number): string[] =>
  history.disagreements.filter((one) => one.version <= version).map(({ noteId }) => noteId);

/** The section that a note disagrees with; undefined for any other note. */
export const findDisputedSection = ({ sections }: CaseFile, noteId: string): string | undefined =>
  Object.entries(sections).find(([, { disagreements }]) =>
    disagreements.some((one) => one.noteId === noteId),
  )?.[0];
