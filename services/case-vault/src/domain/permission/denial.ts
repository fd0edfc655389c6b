import type { Consent } from '@opennrm/country';
import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type ConsentRefusal, consentRefusal } from '../person/who-may-consent.ts';
import type { ConsentDenial } from './consent-records.ts';
import { consentDeadlineMet, denialChoice, narrowSubstitutes } from './substitute-bases.ts';

/**
 * Records a denial. For its purpose and sections it removes its receivers from earlier permissions and from substitute bases. They stay excluded
 * until the person permits them again. The person loses no service by it.
 */
export function recordDenial(
  file: CaseFile,
  denial: ConsentDenial,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'already-exists' | 'receiver-missing' | ConsentRefusal> {
  if (file.denials.some((one) => one.denialId === denial.denialId))
    return refuse('already-exists', 'denial_id');
  if (denial.organisationIds.length === 0 && denial.serviceClasses.length === 0)
    return refuse('receiver-missing', 'organisation_ids');
  const refused = consentRefusal(file.person, { ...denial.given, permission: false }, rules, now);
  if (refused) return refused;
  const ownChoice = denialChoice(denial, now);
  return accept<CaseFileEvent>(
    { type: 'DenialRecorded', denial },
    ...narrowSubstitutes(file, denial.purpose, ownChoice, now),
    ...consentDeadlineMet(file, denial.purpose, ownChoice, now),
  );
}
