import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadline, deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import { substitutesFor } from '../permission/substitute-bases.ts';
import { VITAL_INTEREST } from './person.ts';

export interface Assessment {
  readonly decision: string;
  readonly able: boolean;
  readonly reason: string | undefined;
  readonly reassessAt: Instant | undefined;
}

/** Records whether the person can make this one decision. Incapacity needs a reason and a time of reassessment (CRPD article 12). */
export function recordCapacity(
  file: CaseFile,
  { decision, able, reason, reassessAt }: Assessment,
  rules: Consent,
  now: Instant,
): Decision<
  CaseFileEvent,
  'reason-needed' | 'no-reason-needed' | 'reassessment-needed' | 'reassessment-too-late'
> {
  const settled = deadlineMet(file, 'capacity-reassessment', decision);
  if (able) {
    if (reason !== undefined) return refuse('no-reason-needed', 'reason');
    return accept<CaseFileEvent>(
      ...settled,
      capacityRegained(file, decision, now),
      ...askConsentAgain(file, rules, now),
    );
  }
  if (reason === undefined) return refuse('reason-needed', 'reason');
  if (reassessAt === undefined || reassessAt <= now)
    return refuse('reassessment-needed', 'reassess_at');
  if (reassessAt > after(now, rules.capacityReviewWithinMs))
    return refuse('reassessment-too-late', 'reassess_at');
  return accept<CaseFileEvent>(
    ...settled,
    { type: 'CapacityRecorded', capacity: { decision, able, reason, reassessAt } },
    deadline('capacity-reassessment', decision, reassessAt),
  );
}

/** `since` excludes statements that the person made without capacity and that are recorded later. */
function capacityRegained(file: CaseFile, decision: string, now: Instant): CaseFileEvent {
  const before = file.person.capacities.find((one) => one.decision === decision);
  const since = before && !before.able ? now : before?.since;
  return {
    type: 'CapacityRecorded',
    capacity: { decision, able: true, reason: undefined, reassessAt: undefined, since },
  };
}

/** Consent is asked again for each purpose for which a basis substitutes because of incapacity. */
const askConsentAgain = (file: CaseFile, rules: Consent, now: Instant): CaseFileEvent[] =>
  [...new Set(file.bases.map(({ purpose }) => purpose))]
    .filter((purpose) =>
      substitutesFor(file, purpose, now).some(({ code }) => code === VITAL_INTEREST),
    )
    .map((purpose) => deadline('ask-consent-again', purpose, after(now, rules.askPersonWithinMs)));
