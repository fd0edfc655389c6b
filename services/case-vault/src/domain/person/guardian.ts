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
import { alertRaised, deadline, deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { substitutesFor } from '../permission/substitute-bases.ts';
import { endPermission } from '../permission/withdrawal.ts';
import { interimBasisFor } from './interim-basis.ts';
import { CHILD_PROTECTION, countsAsChild, type Guardian } from './person.ts';

export type GuardianRefusal =
  | 'not-a-child'
  | 'already-appointed'
  | 'guardian-under-suspicion'
  | 'ends-before-it-begins'
  | 'not-the-guardian'
  | 'too-many-guardians';

const GUARDIANS_AT_MOST = 10;

/** Appoints a guardian for an unaccompanied child (CoE Convention, article 10(4)), who is then asked for consent where child protection substitutes. */
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
  if (file.person.guardians.length >= GUARDIANS_AT_MOST)
    return refuse('too-many-guardians', 'guardian_id');
  const askBy = after(now, rules.askPersonWithinMs);
  return accept<CaseFileEvent>(
    { type: 'GuardianAppointed', guardian: { guardianId, from, until, suspectedAt: undefined } },
    ...(until === undefined ? [] : [deadline('guardian-ends', guardianId, until)]),
    ...childProtectionPurposes(file, now).map((purpose) =>
      deadline('ask-consent-again', purpose, askBy),
    ),
  );
}

/** Purposes for which a child-protection basis substitutes now. */
const childProtectionPurposes = (file: CaseFile, now: Instant): string[] => {
  const purposes = [...new Set(file.bases.map(({ purpose }) => purpose))];
  return purposes.filter((one) =>
    substitutesFor(file, one, now).some(({ code }) => code === CHILD_PROTECTION),
  );
};

/** Changes the end of the term. Permissions given before stay valid; a deadline warns of the end. */
export function changeGuardianship(
  file: CaseFile,
  { guardianId, until }: { readonly guardianId: string; readonly until: Instant },
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-the-guardian', 'guardian_id');
  if (known.suspectedAt !== undefined) return refuse('guardian-under-suspicion', 'guardian_id');
  if (until <= known.from) return refuse('ends-before-it-begins', 'until');
  return accept<CaseFileEvent>(
    { type: 'GuardianshipChanged', guardianId, until },
    ...deadlineMet(file, 'guardian-ends', guardianId),
    ...(until > now ? [deadline('guardian-ends', guardianId, until)] : []),
  );
}

/** The suspicion was unfounded: the guardian decides again and their denials count again. Permissions that ended stay ended. */
export function liftSuspicion(
  file: CaseFile,
  guardianId: string,
  now: Instant,
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-the-guardian', 'guardian_id');
  if (known.suspectedAt === undefined) return ignore('not-suspected');
  return accept<CaseFileEvent>({ type: 'SuspicionLifted', guardianId, at: now });
}

/**
 * A guardian under suspicion no longer decides; their permissions end and their denials do not count. A child-protection basis keeps the search until
 * consent is asked again.
 */
export function suspectGuardian(
  file: CaseFile,
  guardianId: string,
  {
    rules,
    now,
    mint,
  }: { readonly rules: Consent; readonly now: Instant; readonly mint: () => string },
): Decision<CaseFileEvent, GuardianRefusal> {
  const known = file.person.guardians.find((one) => one.guardianId === guardianId);
  if (!known) return refuse('not-the-guardian', 'guardian_id');
  if (known.suspectedAt !== undefined) return ignore('already-suspected');
  const suspected: CaseFileEvent = { type: 'GuardianSuspected', guardianId, at: now };
  const without = evolve(file, suspected);
  const theirs = file.permissions.filter(
    (one) =>
      one.given.guardianId === guardianId && one.withdrawnAt === undefined && now < one.validUntil,
  );
  const purposes = [...new Set(theirs.map(({ purpose }) => purpose))];
  return accept<CaseFileEvent>(
    suspected,
    ...theirs.flatMap((one) =>
      interimBasisFor(without, one, { basisId: mint(), code: CHILD_PROTECTION, rules, now }),
    ),
    ...theirs.flatMap((one) => endPermission(file, one, 'guardian-suspected', { rules, now })),
    ...purposes.map((purpose) =>
      deadline('ask-consent-again', purpose, after(now, rules.askPersonWithinMs)),
    ),
    alertRaised('guardian-suspected', guardianId, 'caseworker', now),
  );
}
