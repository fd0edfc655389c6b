import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { kept } from '../pledges.ts';

/** What stood in for her word ends with her word, be it a yes or a no: for that purpose. */
export const standInsEnd = (file: CaseFile, purpose: string, now: Instant): CaseFileEvent[] => [
  ...file.bases
    .filter((one) => one.standsIn && one.purpose === purpose && one.endedAt === undefined && now < one.validUntil)
    .flatMap((one): CaseFileEvent[] => [
      { type: 'BasisEnded', basisId: one.basisId, at: now },
      ...kept(file, 'review-of-basis', one.basisId),
    ]),
  ...kept(file, 'ask-anew', purpose),
];
