import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { standInsFor } from '../permission/stand-ins.ts';
import { kept, pledge } from '../pledges.ts';
import { VITAL_INTEREST } from './person.ts';

export interface Assessment {
  readonly decision: string;
  readonly able: boolean;
  readonly reason: string | undefined;
  readonly askAgainAt: Instant | undefined;
}

/**
 * Could she decide this, when it was asked? For one decision, never for all; a no has a reason and a time by which she is asked again
 * (Convention on the Rights of Persons with Disabilities, article 12).
 */
export function recordCapacity(
  file: CaseFile,
  { decision, able, reason, askAgainAt }: Assessment,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'reason-needed' | 'no-reason-needed' | 'ask-again-needed' | 'ask-again-too-late'> {
  const settled = kept(file, 'capacity-again', decision);
  if (able) {
    if (reason !== undefined) return refuse('no-reason-needed', 'reason');
    return accept<CaseFileEvent>(...settled, canAgain(file, decision, now), ...sheIsAsked(file, rules, now));
  }
  if (reason === undefined) return refuse('reason-needed', 'reason');
  if (askAgainAt === undefined || askAgainAt <= now) return refuse('ask-again-needed', 'ask_again_at');
  if (askAgainAt > after(now, rules.capacityAskedAgainAtMostMs)) return refuse('ask-again-too-late', 'ask_again_at');
  return accept<CaseFileEvent>(
    ...settled,
    { type: 'CapacityRecorded', capacity: { decision, able, reason, askAgainAt } },
    pledge('capacity-again', decision, askAgainAt),
  );
}

/** What she said while she could not is no word of hers, however late it is written down. */
function canAgain(file: CaseFile, decision: string, now: Instant): CaseFileEvent {
  const before = file.person.capacities.find((one) => one.decision === decision);
  const since = before && !before.able ? now : before?.since;
  return {
    type: 'CapacityRecorded',
    capacity: { decision, able: true, reason: undefined, askAgainAt: undefined, since },
  };
}

/** What stood in for her word because she could give none is a question to her now. */
const sheIsAsked = (file: CaseFile, rules: Consent, now: Instant): CaseFileEvent[] =>
  [...new Set(file.bases.map(({ purpose }) => purpose))]
    .filter((purpose) => standInsFor(file, purpose, now).some(({ code }) => code === VITAL_INTEREST))
    .map((purpose) => pledge('ask-anew', purpose, after(now, rules.askedAnewWithinMs)));
