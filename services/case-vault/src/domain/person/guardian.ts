import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { standInsFor } from '../permission/stand-ins.ts';
import { ended } from '../permission/withdrawal.ts';
import { kept, pledge, raised } from '../pledges.ts';
import { carriedOn } from './bridge.ts';
import { CHILD_PROTECTION, countsAsChild, type Guardian } from './person.ts';

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
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  if (!countsAsChild(file.person)) return refuse('not-a-child', 'case_id');
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (known?.suspectedAt !== undefined) return refuse('guardian-under-suspicion', 'guardian_id');
  if (known) return refuse('already-appointed', 'guardian_id');
  if (until !== undefined && until <= from) return refuse('ends-before-it-begins', 'until');
  if (file.person.guardians.length >= GUARDIANS_AT_MOST) return refuse('too-many-guardians', 'guardian_id');
  const askBy = after(now, rules.askedAnewWithinMs);
  return accept<CaseFileEvent>(
    { type: 'GuardianAppointed', guardian: { guardianId, from, until, suspectedAt: undefined } },
    ...(until === undefined ? [] : [pledge('guardian-ends', guardianId, until)]),
    ...inAChildsPlace(file, now).map((purpose) => pledge('ask-anew', purpose, askBy)),
  );
}

/** Purposes for which the protection of a child stands in now. */
const inAChildsPlace = (file: CaseFile, now: Instant): string[] => {
  const purposes = [...new Set(file.bases.map(({ purpose }) => purpose))];
  return purposes.filter((one) => standInsFor(file, one, now).some(({ code }) => code === CHILD_PROTECTION));
};

/** He speaks for her longer, or no more from a moment on: what he permitted before stands, and somebody sees in time who speaks for her then. */
export function changeGuardianship(
  file: CaseFile,
  { guardianId, until }: { readonly guardianId: string; readonly until: Instant },
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-her-guardian', 'guardian_id');
  if (known.suspectedAt !== undefined) return refuse('guardian-under-suspicion', 'guardian_id');
  if (until <= known.from) return refuse('ends-before-it-begins', 'until');
  return accept<CaseFileEvent>(
    { type: 'GuardianshipChanged', guardianId, until },
    ...kept(file, 'guardian-ends', guardianId),
    ...(until > now ? [pledge('guardian-ends', guardianId, until)] : []),
  );
}

/** It was looked into and came to nothing: he may speak for her again, and his noes count. What was ended stays ended; he is asked anew. */
export function liftSuspicion(
  file: CaseFile,
  guardianId: string,
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-her-guardian', 'guardian_id');
  if (known.suspectedAt === undefined) return ignore('not-suspected');
  return accept<CaseFileEvent>({ type: 'SuspicionLifted', guardianId, at: now });
}

/**
 * Under suspicion he speaks for her no more, and what he permitted ends: it may have been against her. So may his noes, which count no more. The
 * search for a place goes on: until somebody else may be asked, the protection of a child carries it, as narrow as it was.
 */
export function suspectGuardian(
  file: CaseFile,
  guardianId: string,
  { rules, now, mint }: { readonly rules: Consent; readonly now: Instant; readonly mint: () => string },
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-her-guardian', 'guardian_id');
  if (known.suspectedAt !== undefined) return ignore('already-suspected');
  const suspected: CaseFileEvent = { type: 'GuardianSuspected', guardianId, at: now };
  const without = evolve(file, suspected);
  const his = file.permissions.filter(
    (one) => one.given.guardianId === guardianId && one.withdrawnAt === undefined && now < one.validUntil,
  );
  const purposes = [...new Set(his.map(({ purpose }) => purpose))];
  return accept<CaseFileEvent>(
    suspected,
    ...his.flatMap((one) => carriedOn(without, one, { basisId: mint(), code: CHILD_PROTECTION, rules, now })),
    ...his.flatMap((one) => ended(file, one, 'guardian-suspected', { rules, now })),
    ...purposes.map((purpose) => pledge('ask-anew', purpose, after(now, rules.askedAnewWithinMs))),
    raised('guardian-suspected', guardianId, 'caseworker', now),
  );
}
