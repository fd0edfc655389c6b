import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { countsAsChild, hasGuardian } from '../person/person.ts';
import { kept, pledge } from '../pledges.ts';

export type BasisRefusal =
  | 'already-exists'
  | 'not-a-basis'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'not-a-child'
  | 'guardian-must-be-asked'
  | 'not-found'
  | 'not-to-be-reviewed'
  | 'second-person-needed';

/** As the country pack and a disclosure name what the person said herself. */
const PERMISSION = 'permission';
const CHILD_PROTECTION = 'child-protection';

export type NewBasis = Omit<LegalBasis, 'standsIn' | 'endedAt'>;

/**
 * A legal basis other than permission, recorded for the controller that relies on it. Never a permission: as a basis it would have no
 * receivers, and her withdrawal would not end it. What stands in for her word is looked at again, and ends when she can speak.
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
  if (basis.code === CHILD_PROTECTION) {
    if (!countsAsChild(file.person)) return refuse('not-a-child', 'code');
    if (hasGuardian(file.person, now)) return refuse('guardian-must-be-asked', 'code');
  }
  const standIn = rules.standIns.find(({ code }) => code === basis.code);
  const recorded: CaseFileEvent = {
    ...{ type: 'BasisRecorded', basis: { ...basis, standsIn: standIn !== undefined, endedAt: undefined } },
  };
  if (!standIn) return accept<CaseFileEvent>(recorded);
  const reviewBy = after(now, standIn.reviewedWithinMs);
  return accept<CaseFileEvent>(recorded, pledge('review-of-basis', basis.basisId, reviewBy));
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
  return accept<CaseFileEvent>(
    ...kept(file, 'review-of-basis', basisId),
    { type: 'BasisReviewed', basisId, by, stays },
    stays
      ? pledge('review-of-basis', basisId, after(now, standIn.reviewedWithinMs))
      : { type: 'BasisEnded', basisId, at: now },
  );
}
