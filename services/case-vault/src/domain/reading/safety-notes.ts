import type { Consent } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { type MayRead, mayRead, type Reading } from './reading.ts';

/** What a note for safety tells is told of her health. */
const HEALTH = 'health';

/**
 * On what an organisation may read the notes that keep her safe: as the one that cares for her now, whatever was withdrawn; or as one that may read of
 * her health for this purpose, be it that she permits it by name, that the law says so, or that the file was opened at night. Never with a power to
 * enforce.
 */
export function mayReadSafetyNotes(
  file: CaseFile,
  reader: Omit<Reading, 'section'>,
  walls: Consent['walls'],
  now: Instant,
): MayRead {
  if (reader.powers.length > 0) return { may: false, refusal: 'not-found' };
  if (reader.relations.length > 0) return { may: true, basis: 'vital-interest' };
  return mayRead(file, { ...reader, section: HEALTH }, walls, now);
}
