import type { Consent } from '@opennrm/country';
import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type SpeakingRefusal, whyItDoesNotCount } from '../person/speaking.ts';
import { kept } from '../pledges.ts';
import type { Refusal } from './given.ts';
import { spokenByNo, standInsFor, standInsYield } from './stand-ins.ts';

/**
 * Her no, as plain as a yes. It takes its receivers and sections out of what she permitted before, and out of what stands in for her word, for the
 * same purpose; whom she names in it stays out until she names them again. No service is lost by it (`design.md`, promise 7).
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
  const yielding = standInsYield(file, refusal.purpose, spokenByNo(refusal, now), now);
  return accept<CaseFileEvent>(
    { type: 'PermissionRefused', refusal },
    ...yielding,
    ...(stillStandsIn(file, refusal.purpose, yielding, now) ? [] : kept(file, 'ask-anew', refusal.purpose)),
  );
}

/** While something else still stands in for her word she is asked: a no to one of many is no answer for the others. */
const stillStandsIn = (file: CaseFile, purpose: string, events: readonly CaseFileEvent[], now: Instant): boolean =>
  standInsFor(file, purpose, now).some(
    ({ basisId }) => !events.some((event) => event.type === 'BasisEnded' && event.basisId === basisId),
  );
