import type { Consent } from '@opennrm/country';
import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { ended } from '../permission/withdrawal.ts';
import { pledge } from '../pledges.ts';
import { raised } from './age.ts';
import { countsAsChild, type Guardian } from './person.ts';

export type GuardianRefusal =
  | 'not-a-child'
  | 'already-appointed'
  | 'guardian-under-suspicion'
  | 'ends-before-it-begins'
  | 'not-her-guardian'
  | 'too-many-guardians';

const GUARDIANS_AT_MOST = 10;

/** A child who is alone has a guardian (Council of Europe Convention, article 10(4)). What stood in for a word is asked of him now. */
export function appointGuardian(
  file: CaseFile,
  { guardianId, from, until }: Pick<Guardian, 'guardianId' | 'from' | 'until'>,
): Decision<CaseFileEvent, GuardianRefusal> {
  if (!countsAsChild(file.person)) return refuse('not-a-child', 'case_id');
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (known?.suspectedAt !== undefined) return refuse('guardian-under-suspicion', 'guardian_id');
  if (known) return refuse('already-appointed', 'guardian_id');
  if (until !== undefined && until <= from) return refuse('ends-before-it-begins', 'until');
  if (file.person.guardians.length >= GUARDIANS_AT_MOST) return refuse('too-many-guardians', 'guardian_id');
  return accept<CaseFileEvent>({
    type: 'GuardianAppointed',
    guardian: { guardianId, from, until, suspectedAt: undefined },
  });
}

/** Under suspicion he speaks for her no more, and what he permitted ends: it may have been against her. */
export function suspectGuardian(
  file: CaseFile,
  guardianId: string,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-her-guardian', 'guardian_id');
  if (known.suspectedAt !== undefined) return ignore('already-suspected');
  const his = file.permissions.filter(
    (one) => one.given.guardianId === guardianId && one.withdrawnAt === undefined && now < one.validUntil,
  );
  const purposes = [...new Set(his.map(({ purpose }) => purpose))];
  return accept<CaseFileEvent>(
    { type: 'GuardianSuspected', guardianId, at: now },
    ...his.flatMap((one) => ended(file, one, 'guardian-suspected', { rules, now })),
    ...purposes.map((purpose) => pledge('ask-anew', purpose, (now + rules.askedAnewWithinMs) as Instant)),
    raised('guardian-suspected', guardianId, 'caseworker', now),
  );
}
