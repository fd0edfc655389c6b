import type { Consent } from '@opennrm/country';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Given } from '../permission/given.ts';
import { countsAsChild, guardianAt, type PersonStatus } from './person.ts';

/** Why a word of somebody who speaks for a child does not count. */
export type GuardianSays = 'no-guardian-needed' | 'not-her-guardian' | 'guardian-under-suspicion';

export type SpeakingRefusal =
  | GuardianSays
  | 'said-in-the-future'
  | 'said-before-asked-anew'
  | 'not-explained'
  | 'interpreter-not-named'
  | 'guardian-needed'
  | 'child-view-needed'
  | 'child-said-no'
  | 'capacity-lacking'
  | 'capacity-to-be-asked-again';

/** The decision for which capacity is asked before something is shared. */
export const TO_SHARE = 'permission-to-share';

/** May this yes or no count, as it was given? Undefined where it may; else why not. Anybody's own no counts, a child's too. */
export function whyItDoesNotCount(
  person: PersonStatus,
  given: Given & { readonly yes: boolean },
  rules: Consent,
  now: Instant,
): Decision<never, SpeakingRefusal> | undefined {
  if (given.at > now) return refuse('said-in-the-future', 'given_at');
  if (!rules.explanations.every(({ code }) => given.explained.includes(code)))
    return refuse('not-explained', 'explained');
  if (given.interpreter && given.interpreterId === undefined) return refuse('interpreter-not-named', 'interpreter_id');
  if (given.guardianId !== undefined) return whyNotGuardian(person, given, rules);
  return given.yes ? whyNotHerself(person, given, now) : undefined;
}

function whyNotHerself(
  person: PersonStatus,
  { at }: Given,
  now: Instant,
): Decision<never, SpeakingRefusal> | undefined {
  if (countsAsChild(person)) return refuse('guardian-needed', 'guardian_id');
  // What she said when she counted as a child is no answer to what she is asked now.
  if (at < (person.askedAnewAt ?? at)) return refuse('said-before-asked-anew', 'given_at');
  const capacity = person.capacities.find((one) => one.decision === TO_SHARE);
  if (!capacity) return undefined;
  if (capacity.able) return at < (capacity.since ?? at) ? refuse('capacity-lacking', 'given_at') : undefined;
  // What was so some days ago says nothing of today: she is asked again before anybody speaks over her.
  return refuse(isUnable(person, now) ? 'capacity-lacking' : 'capacity-to-be-asked-again', 'case_id');
}

/** She was found unable to decide this, and is not due to be asked again. */
export const isUnable = ({ capacities }: PersonStatus, now: Instant): boolean =>
  capacities.some((one) => one.decision === TO_SHARE && !one.able && now < (one.askAgainAt ?? now));

function whyNotGuardian(
  person: PersonStatus,
  { guardianId = '', childView, yes, at }: Given & { readonly yes: boolean },
  rules: Consent,
): Decision<never, SpeakingRefusal> | undefined {
  const mute = whyHeMayNotSpeak(person, guardianId, at);
  if (mute) return mute;
  if (childView === undefined) return refuse('child-view-needed', 'child_view');
  return yes && childView === 'disagrees' && rules.childsNoStands ? refuse('child-said-no', 'child_view') : undefined;
}

/** Only who was a child's guardian when he said it, and is not under suspicion now, speaks for her. */
export function whyHeMayNotSpeak(
  person: PersonStatus,
  guardianId: string,
  at: Instant,
): Decision<never, GuardianSays> | undefined {
  if (!countsAsChild(person)) return refuse('no-guardian-needed', 'guardian_id');
  const guardian = guardianAt(person, guardianId, at);
  if (!guardian) return refuse('not-her-guardian', 'guardian_id');
  return guardian.suspectedAt === undefined ? undefined : refuse('guardian-under-suspicion', 'guardian_id');
}
