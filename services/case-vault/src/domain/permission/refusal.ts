import type { Consent } from '@opennrm/country';
import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type SpeakingRefusal, whyItDoesNotCount } from '../person/speaking.ts';
import type { Refusal } from './given.ts';
import { answered, spokenByNo, standInsYield } from './stand-ins.ts';

/**
 * The person's no, as plain as a yes. It takes its receivers and sections out of what they permitted before, and out of what stands in for their word, for
 * the same purpose; whom it names stays out until the person permits them again. No service is lost by it.
 */
export function refusePermission(
  file: CaseFile,
  refusal: Refusal,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'already-exists' | 'nobody-named' | SpeakingRefusal> {
  if (file.refusals.some((one) => one.refusalId === refusal.refusalId)) return refuse('already-exists', 'refusal_id');
  if (refusal.organisationIds.length === 0 && refusal.serviceClasses.length === 0)
    return refuse('nobody-named', 'organisation_ids');
  const mute = whyItDoesNotCount(file.person, { ...refusal.given, yes: false }, rules, now);
  if (mute) return mute;
  const spoken = spokenByNo(refusal, now);
  return accept<CaseFileEvent>(
    { type: 'PermissionRefused', refusal },
    ...standInsYield(file, refusal.purpose, spoken, now),
    ...answered(file, refusal.purpose, spoken, now),
  );
}
