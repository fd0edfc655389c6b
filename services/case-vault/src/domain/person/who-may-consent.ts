import type { Consent } from '@opennrm/country';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ConsentDetails } from '../permission/consent-records.ts';
import { countsAsChild, guardianAt, type PersonStatus } from './person.ts';

/** Why a statement of a guardian does not count. */
export type GuardianConsentRefusal =
  | 'no-guardian-needed'
  | 'not-the-guardian'
  | 'guardian-under-suspicion';

export type ConsentRefusal =
  | GuardianConsentRefusal
  | 'in-the-future'
  | 'before-decision-maker-changed'
  | 'not-explained'
  | 'interpreter-not-named'
  | 'guardian-needed'
  | 'child-view-needed'
  | 'child-disagrees'
  | 'capacity-lacking'
  | 'capacity-reassessment-due';

/** The decision for which the person needs capacity to give a permission. */
export const TO_SHARE = 'permission-to-share';

/** Why a permission or denial does not count as it was given; undefined where it counts. Everyone's own denial counts, also a child's. */
export function consentRefusal(
  person: PersonStatus,
  given: ConsentDetails & { readonly permission: boolean },
  rules: Consent,
  now: Instant,
): Decision<never, ConsentRefusal> | undefined {
  if (given.at > now) return refuse('in-the-future', 'given_at');
  if (!rules.explanations.every(({ code }) => given.explained.includes(code)))
    return refuse('not-explained', 'explained');
  if (given.interpreter && given.interpreterId === undefined)
    return refuse('interpreter-not-named', 'interpreter_id');
  if (given.guardianId !== undefined) return guardianAnswerRefusal(person, given, rules);
  return given.permission ? personRefusal(person, given, now) : undefined;
}

function personRefusal(
  person: PersonStatus,
  { at }: ConsentDetails,
  now: Instant,
): Decision<never, ConsentRefusal> | undefined {
  if (countsAsChild(person)) return refuse('guardian-needed', 'guardian_id');
  // Statements that the person made while they counted as a child do not count as their own consent now.
  if (at < (person.decisionMakerChangedAt ?? at))
    return refuse('before-decision-maker-changed', 'given_at');
  const capacity = person.capacities.find((one) => one.decision === TO_SHARE);
  if (!capacity) return undefined;
  if (capacity.able)
    return at < (capacity.since ?? at) ? refuse('capacity-lacking', 'given_at') : undefined;
  // An old finding is no evidence of today's capacity: it must be reassessed first.
  return refuse(
    lacksCapacity(person, now) ? 'capacity-lacking' : 'capacity-reassessment-due',
    'case_id',
  );
}

/** Found unable, and the reassessment is not due yet. */
export const lacksCapacity = ({ capacities }: PersonStatus, now: Instant): boolean =>
  capacities.some((one) => one.decision === TO_SHARE && !one.able && now < (one.reassessAt ?? now));

function guardianAnswerRefusal(
  person: PersonStatus,
  { guardianId = '', childView, permission, at }: ConsentDetails & { readonly permission: boolean },
  rules: Consent,
): Decision<never, ConsentRefusal> | undefined {
  const refused = guardianRefusal(person, guardianId, at);
  if (refused) return refused;
  if (childView === undefined) return refuse('child-view-needed', 'child_view');
  return permission && childView === 'disagrees' && rules.childDenialPrevails
    ? refuse('child-disagrees', 'child_view')
    : undefined;
}

/** A guardian's statement counts if they were the guardian when they made it and are not under suspicion now. */
export function guardianRefusal(
  person: PersonStatus,
  guardianId: string,
  at: Instant,
): Decision<never, GuardianConsentRefusal> | undefined {
  if (!countsAsChild(person)) return refuse('no-guardian-needed', 'guardian_id');
  const guardian = guardianAt(person, guardianId, at);
  if (!guardian) return refuse('not-the-guardian', 'guardian_id');
  return guardian.suspectedAt === undefined
    ? undefined
    : refuse('guardian-under-suspicion', 'guardian_id');
}
