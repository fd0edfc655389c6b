import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { toldAgain } from './alerts.ts';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { type Pledge, pledge, raised } from './pledges.ts';

/** Everything that fell due: what ends by time ends, and what was owed and not done is said to somebody, ever again until it is done. */
export function timePasses(file: CaseFile, rules: Consent, now: Instant): Decision<CaseFileEvent> {
  const due = file.pledges.filter((one) => one.due <= now);
  if (due.length === 0) return ignore('nothing-due');
  return accept<CaseFileEvent>(...due.flatMap((one) => fallsDue(file, one, rules, now)));
}

function fallsDue(file: CaseFile, { code, about }: Pledge, rules: Consent, now: Instant): CaseFileEvent[] {
  const done: CaseFileEvent = { type: 'PledgeKept', code, about };
  switch (code) {
    case 'permission-ends-soon':
    case 'basis-ends-soon':
    case 'basis-ends':
    case 'guardian-ends':
      return [done, ...tell(file, code, about, 'caseworker', now)];
    case 'permission-ends':
      return [done, { type: 'PermissionRanOut', permissionId: about }, ...tell(file, code, about, 'caseworker', now)];
    case 'second-person':
      // Nobody agreed in time: it never opened, and that somebody tried is known.
      return [done, ...tell(file, 'opening-not-confirmed', about, 'data-protection-officer', now)];
    case 'end-of-opening':
      return [done, { type: 'OpeningOver', openingId: about, at: now }];
    case 'alert-unresolved':
      return [done, ...toldAgain(file, about, now)];
    case 'acknowledgement':
      return [
        ...tell(file, code, about, 'data-protection-officer', now),
        pledge(code, about, after(now, rules.acknowledgedWithinMs)),
      ];
    case 'call-back':
      return [
        ...tell(file, code, about, 'coordinator', now),
        pledge(code, about, after(now, rules.calledBackWithinMs)),
      ];
    case 'review-of-opening':
      return [
        ...tell(file, code, about, 'data-protection-officer', now),
        pledge(code, about, after(now, rules.breakGlass.reviewedWithinMs)),
      ];
    case 'review-of-basis':
    case 'capacity-again':
    case 'ask-anew':
      return [...tell(file, code, about, 'caseworker', now), pledge(code, about, after(now, AGAIN_MS))];
  }
}

/** How often somebody is reminded of what only a conversation can settle. */
const AGAIN_MS = 86_400_000;

/** Said once; a reminder of what is still open, and was taken note of, is said anew. */
const tell = (file: CaseFile, code: string, about: string, role: string, now: Instant): CaseFileEvent[] => {
  const open = file.alerts.some((one) => one.code === code && one.about === about && one.acknowledgedBy === undefined);
  return open ? [] : [raised(code, about, role, now)];
};
