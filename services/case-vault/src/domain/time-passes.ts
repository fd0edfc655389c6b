import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raiseAgain } from './alerts.ts';
import type { CaseFile } from './case-file.ts';
import { alertRaised, deadline } from './deadlines.ts';
import type { CaseFileEvent } from './events.ts';
import type { Deadline } from './file-deadline.ts';

/** Handles every deadline that is due: what ends by time ends; what was not done raises an alert, repeatedly until it is done. */
export function timePasses(file: CaseFile, rules: Consent, now: Instant): Decision<CaseFileEvent> {
  const due = file.deadlines.filter((one) => one.due <= now);
  if (due.length === 0) return ignore('nothing-due');
  return accept<CaseFileEvent>(...due.flatMap((one) => fallsDue(file, one, rules, now)));
}

function fallsDue(
  file: CaseFile,
  { code, about }: Deadline,
  rules: Consent,
  now: Instant,
): CaseFileEvent[] {
  const done: CaseFileEvent = { type: 'DeadlineMet', code, about };
  switch (code) {
    case 'permission-ends-soon':
    case 'basis-ends-soon':
    case 'basis-ends':
    case 'guardian-ends':
      return [done, ...raiseOnce(file, code, about, 'caseworker', now)];
    case 'permission-ends':
      return [
        done,
        { type: 'PermissionExpired', permissionId: about },
        ...raiseOnce(file, code, about, 'caseworker', now),
      ];
    case 'opening-confirmation':
      // No second person confirmed in time: the file never opened, but the officer learns of the attempt.
      return [
        done,
        ...raiseOnce(file, 'opening-not-confirmed', about, 'data-protection-officer', now),
      ];
    case 'end-of-opening':
      return [done, { type: 'OpeningClosed', openingId: about, at: now }];
    case 'alert-unresolved':
      return [done, ...raiseAgain(file, about, now)];
    case 'acknowledgement':
      return [
        ...raiseOnce(file, code, about, 'data-protection-officer', now),
        deadline(code, about, after(now, rules.acknowledgedWithinMs)),
      ];
    case 'call-back':
      return [
        ...raiseOnce(file, code, about, 'coordinator', now),
        deadline(code, about, after(now, rules.callBackWithinMs)),
      ];
    case 'review-of-opening':
      return [
        ...raiseOnce(file, code, about, 'data-protection-officer', now),
        deadline(code, about, after(now, rules.breakGlass.reviewedWithinMs)),
      ];
    case 'review-of-basis':
    case 'capacity-reassessment':
    case 'ask-consent-again':
      return [
        ...raiseOnce(file, code, about, 'caseworker', now),
        deadline(code, about, after(now, AGAIN_MS)),
      ];
  }
}

/** How often a caseworker is reminded of what only a conversation can settle. */
const AGAIN_MS = 86_400_000;

/** Raises no second alert while the first is unacknowledged; an acknowledged alert is raised again. */
const raiseOnce = (
  file: CaseFile,
  code: string,
  about: string,
  role: string,
  now: Instant,
): CaseFileEvent[] => {
  const open = file.alerts.some(
    (one) => one.code === code && one.about === about && one.acknowledgedBy === undefined,
  );
  return open ? [] : [alertRaised(code, about, role, now)];
};
