import type { Consent } from '@opennrm/country';
import {
  accept,
  after,
  type Decision,
  type Instant,
  ignore,
  refuse,
} from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadline, deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import { CHILD_PROTECTION, countsAsChild, hasGuardian, VITAL_INTEREST } from '../person/person.ts';
import { lacksCapacity } from '../person/who-may-consent.ts';
import type { LegalBasis } from './consent-records.ts';
import { earlierDenials, endOfBasis } from './substitute-bases.ts';

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

/** Code of a permission in the country pack and in disclosures. */
const PERMISSION = 'permission';

export type NewBasis = Omit<LegalBasis, 'isSubstitute' | 'endedAt' | 'receivers' | 'ownChoices'>;

/**
 * Records a legal basis for the controller that relies on it. Never a permission: a basis has no receivers, and no withdrawal ends it. A substitute
 * basis is reviewed, is narrowed by the person's choices, and does not cover receivers that the person denied before.
 */
export function recordBasis(
  file: CaseFile,
  basis: NewBasis,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, BasisRefusal> {
  if (basis.code === PERMISSION) return refuse('not-a-basis', 'code');
  if (file.bases.some((one) => one.basisId === basis.basisId))
    return refuse('already-exists', 'basis_id');
  if (basis.validUntil <= basis.validFrom) return refuse('ends-before-it-begins', 'valid_until');
  if (basis.validUntil <= now) return refuse('already-ended', 'valid_until');
  if (basis.validUntil - basis.validFrom > rules.longestBasisMs)
    return refuse('too-long', 'valid_until');
  const refused = substituteRefusal(file, basis, now);
  if (refused) return refused;
  const substitute = rules.substituteBases.find(({ code }) => code === basis.code);
  const ownChoices = substitute ? earlierDenials(file, basis.purpose, now) : [];
  const whole = { ...basis, isSubstitute: substitute !== undefined, endedAt: undefined };
  const soon = after(basis.validUntil, -rules.warnBeforeEndMs);
  return accept<CaseFileEvent>(
    { type: 'BasisRecorded', basis: ownChoices.length > 0 ? { ...whole, ownChoices } : whole },
    ...(substitute
      ? [deadline('review-of-basis', basis.basisId, after(now, substitute.reviewedWithinMs))]
      : []),
    ...(soon > now ? [deadline('basis-ends-soon', basis.basisId, soon)] : []),
    deadline('basis-ends', basis.basisId, basis.validUntil),
  );
}

/** No substitute for a child whose guardian can be asked, nor for a person who can be asked directly. */
function substituteRefusal(file: CaseFile, { code, cannotAskReason }: NewBasis, now: Instant) {
  if (code === CHILD_PROTECTION) {
    if (!countsAsChild(file.person)) return refuse('not-a-child', 'code');
    if (hasGuardian(file.person, now)) return refuse('guardian-must-be-asked', 'code');
  }
  const canBeAsked = cannotAskReason === undefined && !lacksCapacity(file.person, now);
  return code === VITAL_INTEREST && canBeAsked
    ? refuse('can-be-asked', 'cannot_ask_reason')
    : undefined;
}

/** Ends any basis whose reason no longer holds or never held. */
export function endBasis(
  file: CaseFile,
  basisId: string,
  now: Instant,
): Decision<CaseFileEvent, 'not-found'> {
  const basis = file.bases.find((one) => one.basisId === basisId);
  if (!basis) return refuse('not-found', 'basis_id');
  if (basis.endedAt !== undefined || basis.validUntil <= now) return ignore('already-ended');
  return accept<CaseFileEvent>(...endOfBasis(file, basisId, now));
}

export interface Review {
  readonly basisId: string;
  readonly by: string;
  readonly isUpheld: boolean;
}

/** A second person reviews a substitute basis, and ends it or keeps it until the next review. */
export function reviewBasis(
  file: CaseFile,
  { basisId, by, isUpheld }: Review,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, BasisRefusal> {
  const basis = file.bases.find((one) => one.basisId === basisId);
  if (!basis) return refuse('not-found', 'basis_id');
  const substitute = rules.substituteBases.find(({ code }) => code === basis.code);
  if (!substitute || basis.endedAt !== undefined || basis.validUntil <= now)
    return refuse('not-to-be-reviewed', 'basis_id');
  if (by === basis.recordedBy) return refuse('second-person-needed', 'basis_id');
  const reviewed: CaseFileEvent = { type: 'BasisReviewed', basisId, by, isUpheld };
  if (!isUpheld) return accept<CaseFileEvent>(reviewed, ...endOfBasis(file, basisId, now));
  return accept<CaseFileEvent>(
    ...deadlineMet(file, 'review-of-basis', basisId),
    reviewed,
    deadline('review-of-basis', basisId, after(now, substitute.reviewedWithinMs)),
  );
}
