import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import { alertRaised, deadline, deadlineMet } from './deadlines.ts';
import type { CaseFileEvent } from './events.ts';
import type { Opening } from './opening.ts';

export interface OpeningRequest {
  readonly openingId: string;
  readonly organisation: string;
  readonly by: string;
  readonly reason: string;
  readonly sections: readonly string[];
  readonly lifeAtRisk: boolean;
}

export type OpeningRefusal =
  | 'already-exists'
  | 'section-not-for-emergencies'
  | 'too-many-sections'
  | 'already-open'
  | 'too-many-openings'
  | 'not-found'
  | 'second-person-needed'
  | 'already-confirmed'
  | 'too-late'
  | 'not-open-yet'
  | 'already-reviewed';

/** Roles that are alerted at once when a file is opened. */
const ALERTED_ROLES = ['data-protection-officer', 'caseworker'] as const;

/**
 * Opens a few sections for some hours and alerts two roles. The country pack, not the caller, lists the reasons for which one person suffices when a
 * life is at risk. In every other case a second person must agree first.
 */
export function breakGlass(
  file: CaseFile,
  ask: OpeningRequest,
  { breakGlass: rules }: Consent,
  now: Instant,
): Decision<CaseFileEvent, OpeningRefusal> {
  if (file.openings.some((one) => one.openingId === ask.openingId))
    return refuse('already-exists', 'opening_id');
  if (!ask.sections.every((one) => rules.sections.includes(one)))
    return refuse('section-not-for-emergencies', 'sections');
  if (ask.sections.length > rules.maxSections) return refuse('too-many-sections', 'sections');
  const theirs = file.openings.filter((one) => one.organisation === ask.organisation);
  if (theirs.some((one) => isOpen(one, now))) return refuse('already-open', 'case_id');
  const unconfirmed = theirs.filter(
    (one) => one.until === undefined && one.at > after(now, -A_DAY_MS),
  );
  if (unconfirmed.length >= rules.maxUnconfirmedOpenings)
    return refuse('too-many-openings', 'case_id');
  const opening: Opening = {
    ...ask,
    at: now,
    confirmedBy: undefined,
    until: undefined,
    review: undefined,
  };
  const asked: CaseFileEvent = { type: 'OpeningRequested', opening };
  const isAloneAllowed = rules.reasons.some(
    ({ code, onePersonSuffices }) => code === ask.reason && onePersonSuffices,
  );
  if (ask.lifeAtRisk && isAloneAllowed)
    return accept<CaseFileEvent>(asked, ...open(ask.openingId, undefined, rules, now));
  return accept<CaseFileEvent>(
    asked,
    deadline('opening-confirmation', ask.openingId, after(now, rules.confirmedWithinMs)),
  );
}

const A_DAY_MS = 86_400_000;

/** A second person agrees, within the time limit. */
export function confirmOpening(
  file: CaseFile,
  { openingId, by }: { readonly openingId: string; readonly by: string },
  { breakGlass: rules }: Consent,
  now: Instant,
): Decision<CaseFileEvent, OpeningRefusal> {
  const opening = file.openings.find((one) => one.openingId === openingId);
  if (!opening) return refuse('not-found', 'opening_id');
  if (opening.until !== undefined) return refuse('already-confirmed', 'opening_id');
  if (opening.by === by) return refuse('second-person-needed', 'opening_id');
  if (now >= after(opening.at, rules.confirmedWithinMs)) return refuse('too-late', 'opening_id');
  return accept<CaseFileEvent>(
    ...deadlineMet(file, 'opening-confirmation', openingId),
    ...open(openingId, by, rules, now),
  );
}

function open(
  openingId: string,
  confirmedBy: string | undefined,
  rules: Consent['breakGlass'],
  now: Instant,
): CaseFileEvent[] {
  const until = after(now, rules.durationMs);
  return [
    { type: 'FileOpened', openingId, confirmedBy, until },
    ...ALERTED_ROLES.map((role) => alertRaised(`file-opened-${role}`, openingId, role, now)),
    deadline('end-of-opening', openingId, until),
    deadline('review-of-opening', openingId, after(now, rules.reviewedWithinMs)),
  ];
}

/** A person who had no part in the opening reviews it. An unjustified opening alerts the roles that must act on it. */
export function reviewOpening(
  file: CaseFile,
  {
    openingId,
    by,
    justified,
  }: { readonly openingId: string; readonly by: string; readonly justified: boolean },
  now: Instant,
): Decision<CaseFileEvent, OpeningRefusal> {
  const opening = file.openings.find((one) => one.openingId === openingId);
  if (!opening) return refuse('not-found', 'opening_id');
  if (opening.until === undefined) return refuse('not-open-yet', 'opening_id');
  if (opening.review) return refuse('already-reviewed', 'opening_id');
  if (by === opening.by || by === opening.confirmedBy)
    return refuse('second-person-needed', 'opening_id');
  return accept<CaseFileEvent>(
    { type: 'OpeningReviewed', openingId, by, justified },
    ...deadlineMet(file, 'review-of-opening', openingId),
    ...(justified
      ? []
      : ALERTED_ROLES.map((role) =>
          alertRaised(`opening-not-justified-${role}`, openingId, role, now),
        )),
  );
}

export const isOpen = ({ at, until }: Opening, now: Instant): boolean =>
  until !== undefined && at <= now && now < until;
