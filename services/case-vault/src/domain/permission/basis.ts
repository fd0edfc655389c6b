import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { CHILD_PROTECTION, countsAsChild, hasGuardian, VITAL_INTEREST } from '../person/person.ts';
import { isUnable } from '../person/speaking.ts';
import { kept, pledge } from '../pledges.ts';
import { endOfBasis, spokenBefore } from './stand-ins.ts';

export type BasisRefusal =
  | 'already-exists'
  | 'not-a-basis'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'too-long'
  | 'can-be-asked'
  | 'not-a-child'
  | 'guardian-must-be-asked'
  | 'not-found'
  | 'not-to-be-reviewed'
  | 'second-person-needed';

/** As the country pack and a disclosure name what the person said herself. */
const PERMISSION = 'permission';

export type NewBasis = Omit<LegalBasis, 'standsIn' | 'endedAt' | 'receivers' | 'spoken'>;

/**
 * A legal basis other than permission, recorded for the controller that relies on it. Never a permission: as a basis it would have no
 * receivers, and her withdrawal would not end it. What stands in for her word is looked at again, and yields to her word; whom she refused before
 * it does not reach.
 */
export function recordBasis(
  file: CaseFile,
  basis: NewBasis,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, BasisRefusal> {
  if (basis.code === PERMISSION) return refuse('not-a-basis', 'code');
  if (file.bases.some((one) => one.basisId === basis.basisId)) return refuse('already-exists', 'basis_id');
  if (basis.validUntil <= basis.validFrom) return refuse('ends-before-it-begins', 'valid_until');
  if (basis.validUntil <= now) return refuse('already-ended', 'valid_until');
  if (basis.validUntil - basis.validFrom > rules.longestBasisMs) return refuse('too-long', 'valid_until');
  const unfit = whyNotInHerPlace(file, basis, now);
  if (unfit) return unfit;
  const standIn = rules.standIns.find(({ code }) => code === basis.code);
  const spoken = standIn ? spokenBefore(file, basis.purpose, now) : [];
  const whole = { ...basis, standsIn: standIn !== undefined, endedAt: undefined };
  const soon = after(basis.validUntil, -rules.endsSoonBeforeMs);
  return accept<CaseFileEvent>(
    { type: 'BasisRecorded', basis: spoken.length > 0 ? { ...whole, spoken } : whole },
    ...(standIn ? [pledge('review-of-basis', basis.basisId, after(now, standIn.reviewedWithinMs))] : []),
    ...(soon > now ? [pledge('basis-ends-soon', basis.basisId, soon)] : []),
    pledge('basis-ends', basis.basisId, basis.validUntil),
  );
}

/** Who can be asked is asked: a child by her guardian, and anybody else herself, unless she was found unable or cannot be reached in time. */
function whyNotInHerPlace(file: CaseFile, { code, cannotBeAsked }: NewBasis, now: Instant) {
  if (code === CHILD_PROTECTION) {
    if (!countsAsChild(file.person)) return refuse('not-a-child', 'code');
    if (hasGuardian(file.person, now)) return refuse('guardian-must-be-asked', 'code');
  }
  const canBeAsked = cannotBeAsked === undefined && !isUnable(file.person, now);
  return code === VITAL_INTEREST && canBeAsked ? refuse('can-be-asked', 'cannot_be_asked') : undefined;
}

/** Its ground is gone, or it was never the right one: any basis can be ended, by whoever acts on the file. */
export function endBasis(file: CaseFile, basisId: string, now: Instant): Decision<CaseFileEvent, 'not-found'> {
  const basis = file.bases.find((one) => one.basisId === basisId);
  if (!basis) return refuse('not-found', 'basis_id');
  if (basis.endedAt !== undefined || basis.validUntil <= now) return ignore('already-ended');
  return accept<CaseFileEvent>(...endOfBasis(file, basisId, now));
}

export interface Review {
  readonly basisId: string;
  readonly by: string;
  readonly stays: boolean;
}

/** What stands in for her word is looked at again by somebody else, who ends it or lets it stand until the next time. */
export function reviewBasis(
  file: CaseFile,
  { basisId, by, stays }: Review,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, BasisRefusal> {
  const basis = file.bases.find((one) => one.basisId === basisId);
  if (!basis) return refuse('not-found', 'basis_id');
  const standIn = rules.standIns.find(({ code }) => code === basis.code);
  if (!standIn || basis.endedAt !== undefined || basis.validUntil <= now)
    return refuse('not-to-be-reviewed', 'basis_id');
  if (by === basis.recordedBy) return refuse('second-person-needed', 'basis_id');
  const reviewed: CaseFileEvent = { type: 'BasisReviewed', basisId, by, stays };
  if (!stays) return accept<CaseFileEvent>(reviewed, ...endOfBasis(file, basisId, now));
  return accept<CaseFileEvent>(
    ...kept(file, 'review-of-basis', basisId),
    reviewed,
    pledge('review-of-basis', basisId, after(now, standIn.reviewedWithinMs)),
  );
}
