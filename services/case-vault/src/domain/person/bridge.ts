import type { Consent } from '@opennrm/country';
import { after, type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { Permission } from '../permission/given.ts';
import { isExhausted, spokenAgainst } from '../permission/stand-ins.ts';
import { audiencesOf } from '../permission/withdrawal.ts';
import { pledge } from '../pledges.ts';

interface Bridge {
  readonly basisId: string;
  /** The legal basis, as the country pack calls it. */
  readonly code: string;
  readonly rules: Consent;
  readonly now: Instant;
}

/**
 * What ends because somebody else must be asked now is carried on by a basis until then: the same sections, the same receivers, and whom she had
 * excluded or refused stays out. Only where a service acts on it: nobody is to lose a bed. For every other purpose her own word is awaited.
 */
export function carriedOn(
  file: CaseFile,
  ending: Permission | LegalBasis,
  { basisId, code, rules, now }: Bridge,
): CaseFileEvent[] {
  const { purpose, sections, receivers } = ending;
  if (!audiencesOf(file, purpose).some(({ service }) => service === 'referral')) return [];
  const [validFrom, validUntil] = [instant(Math.max(now, ending.validFrom)), after(now, rules.askedAnewWithinMs)];
  const basis: LegalBasis = {
    ...{ basisId, code, purpose, sections, validFrom, validUntil, recordedBy: SYSTEM },
    ...{ standsIn: true, endedAt: undefined, ...(receivers && { receivers }) },
    controller: 'controller' in ending ? ending.controller : file.ownerOrg,
    spoken: 'given' in ending ? spokenAgainst(file, ending, now) : (ending.spoken ?? []),
  };
  if (validFrom >= validUntil || isExhausted(file, basis, now)) return [];
  const standIn = rules.standIns.find((one) => one.code === code);
  return [
    { type: 'BasisRecorded', basis },
    ...(standIn ? [pledge('review-of-basis', basisId, after(now, standIn.reviewedWithinMs))] : []),
    pledge('basis-ends', basisId, validUntil),
  ];
}

const SYSTEM = '00000000-0000-0000-0000-000000000000';
