import type { Consent } from '@opennrm/country';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Given } from '../permission/given.ts';
import { countsAsChild, guardianNow, type PersonStatus } from './person.ts';

export type SpeakingRefusal =
  | 'said-in-the-future'
  | 'not-explained'
  | 'interpreter-not-named'
  | 'guardian-needed'
  | 'no-guardian-needed'
  | 'not-her-guardian'
  | 'guardian-under-suspicion'
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
  if (given.guardianId !== undefined) return whyNotGuardian(person, given, rules, now);
  return given.yes ? whyNotHerself(person, now) : undefined;
}

function whyNotHerself(person: PersonStatus, now: Instant): Decision<never, SpeakingRefusal> | undefined {
  if (countsAsChild(person)) return refuse('guardian-needed', 'guardian_id');
  const capacity = person.capacities.find((one) => one.decision === TO_SHARE);
  if (!capacity || capacity.able) return undefined;
  // What was so some days ago says nothing of today: she is asked again before anybody speaks over her.
  const stale = capacity.askAgainAt !== undefined && capacity.askAgainAt <= now;
  return refuse(stale ? 'capacity-to-be-asked-again' : 'capacity-lacking', 'case_id');
}

function whyNotGuardian(
  person: PersonStatus,
  { guardianId = '', childView, yes }: Given & { readonly yes: boolean },
  rules: Consent,
  now: Instant,
): Decision<never, SpeakingRefusal> | undefined {
  if (!countsAsChild(person)) return refuse('no-guardian-needed', 'guardian_id');
  const guardian = guardianNow(person, guardianId, now);
  if (!guardian) return refuse('not-her-guardian', 'guardian_id');
  if (guardian.suspectedAt !== undefined) return refuse('guardian-under-suspicion', 'guardian_id');
  if (childView === undefined) return refuse('child-view-needed', 'child_view');
  return yes && childView === 'disagrees' && rules.childsNoStands ? refuse('child-said-no', 'child_view') : undefined;
}
