import type { Consent } from '@opennrm/country';
import { after, type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadline } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import type { LegalBasis, Permission } from '../permission/consent-records.ts';
import { denialsAgainst, isExhausted } from '../permission/substitute-bases.ts';
import { audiencesOf } from '../permission/withdrawal.ts';

interface InterimBasis {
  readonly basisId: string;
  /** The country pack's code of the legal basis. */
  readonly code: string;
  readonly rules: Consent;
  readonly now: Instant;
}

/**
 * A basis with the sections, receivers and exclusions of the permission or basis that ends. Only for a purpose on which `referral` acts, so that nobody
 * loses a bed or an appointment; other purposes wait for consent.
 */
export function interimBasisFor(
  file: CaseFile,
  ending: Permission | LegalBasis,
  { basisId, code, rules, now }: InterimBasis,
): CaseFileEvent[] {
  const { purpose, sections, receivers } = ending;
  if (!audiencesOf(file, purpose, rules).some(({ service }) => service === 'referral')) return [];
  const [validFrom, validUntil] = [
    instant(Math.max(now, ending.validFrom)),
    after(now, rules.askPersonWithinMs),
  ];
  const basis: LegalBasis = {
    basisId,
    code,
    purpose,
    sections,
    validFrom,
    validUntil,
    recordedBy: SYSTEM,
    isSubstitute: true,
    endedAt: undefined,
    ...(receivers && { receivers }),
    controller: 'controller' in ending ? ending.controller : file.ownerOrg,
    ownChoices: 'given' in ending ? denialsAgainst(file, ending, now) : (ending.ownChoices ?? []),
  };
  if (validFrom >= validUntil || isExhausted(file, basis, now)) return [];
  const substitute = rules.substituteBases.find((one) => one.code === code);
  return [
    { type: 'BasisRecorded', basis },
    ...(substitute
      ? [deadline('review-of-basis', basisId, after(now, substitute.reviewedWithinMs))]
      : []),
    deadline('basis-ends', basisId, validUntil),
  ];
}

const SYSTEM = '00000000-0000-0000-0000-000000000000';
