import { accept, type Decision, type Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** A new version of a section; earlier versions stay sealed under the same key. */
export function writeSection(
  file: CaseFile,
  section: string,
  writtenBy: string,
  now: Instant,
): Decision<CaseFileEvent> {
  const version = (file.sections[section]?.version ?? 0) + 1;
  return accept<CaseFileEvent>({ type: 'SectionWritten', section, version, writtenBy, at: now });
}
