import type { Consent } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { mayRead, type Reading, type ReadVerdict } from './reading.ts';

/** A safety note reveals health data. */
const HEALTH = 'health';

/** Allowed with a relation, or with a basis to read `health` for this purpose. Never allowed with any power of enforcement or immigration control. */
export function mayReadSafetyNotes(
  file: CaseFile,
  reader: Omit<Reading, 'section'>,
  powerLimits: Consent['powerLimits'],
  now: Instant,
): ReadVerdict {
  if (reader.powers.length > 0) return { isAllowed: false, refusal: 'not-found' };
  if (reader.relations.length > 0) return { isAllowed: true, basis: 'vital-interest' };
  return mayRead(file, { ...reader, section: HEALTH }, powerLimits, now);
}
