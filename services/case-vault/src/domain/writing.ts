import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** The newest version of a section, and what she says against it. */
export interface SectionHistory {
  readonly version: number;
  readonly writtenBy: string;
  /** Sealed notes in which she disagrees, each with an entry of this section. */
  readonly disagreements: readonly { readonly version: number; readonly noteId: string }[];
}

export interface Entry {
  readonly section: string;
  readonly writtenBy: string;
  /** The reason of a correction: it takes the place of the version before, which stays to be seen. */
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
  return accept<CaseFileEvent>({ type: 'SectionWritten', section, version, writtenBy, at: now, corrects });
}

const DISAGREEMENTS_AT_MOST = 50;

/** Her own word beside an entry that she does not agree with (General Data Protection Regulation, article 16): the entry stays, and so does hers. */
export function disagree(
  file: CaseFile,
  { section, version, noteId }: { readonly section: string; readonly version: number; readonly noteId: string },
): Decision<CaseFileEvent, 'no-such-version' | 'already-recorded' | 'too-many-disagreements'> {
  const history = file.sections[section];
  if (!history || version < 1 || version > history.version) return refuse('no-such-version', 'version');
  if (history.disagreements.some((one) => one.noteId === noteId)) return refuse('already-recorded', 'note_id');
  if (history.disagreements.length >= DISAGREEMENTS_AT_MOST) return refuse('too-many-disagreements', 'section');
  return accept<CaseFileEvent>({ type: 'DisagreementRecorded', section, version, noteId });
}

/** Only she ends it: a new version of the entry does not. */
export function takeBackDisagreement(
  file: CaseFile,
  { section, noteId }: { readonly section: string; readonly noteId: string },
): Decision<CaseFileEvent, 'not-found'> {
  const stands = file.sections[section]?.disagreements.some((one) => one.noteId === noteId);
  return stands
    ? accept<CaseFileEvent>({ type: 'DisagreementTakenBack', section, noteId })
    : refuse('not-found', 'note_id');
}

/** What she says against a version: also what she said against one before, until she takes it back. */
export const saidAgainst = (history: SectionHistory, version: number): string[] =>
  history.disagreements.filter((one) => one.version <= version).map(({ noteId }) => noteId);

/** The section that a note is her word against; undefined for any other note. */
export const isAgainst = ({ sections }: CaseFile, noteId: string): string | undefined =>
  Object.entries(sections).find(([, { disagreements }]) => disagreements.some((one) => one.noteId === noteId))?.[0];
