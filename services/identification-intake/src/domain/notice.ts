import { endOfTerm, type LocalDate, startOfDay } from '@opennrm/country';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Rules } from './formal-process/rules.ts';

/** A notice about a person who did not wish to be referred: only what the law allows to state about an adult without permission. */
export interface Notice {
  readonly noticeId: string;
  /** Codes by field; an empty code states nothing. */
  readonly content: Readonly<Record<string, string>>;
  /** The day on which the person declined; not stored. */
  readonly declinedOn: LocalDate;
  readonly at: Instant;
}

export interface NoticeRecorded {
  readonly type: 'NoticeRecorded';
  readonly content: Readonly<Record<string, string>>;
  /** Whether the term of the country had passed. A late notice is accepted and marked as late. */
  readonly late: boolean;
}

export function recordNotice(
  { content, declinedOn, at }: Notice,
  { dutyToNotify, workdays }: Rules,
): Decision<NoticeRecorded, 'no-notice-required' | 'not-allowed-in-notice' | 'in-the-future'> {
  if (!dutyToNotify.required) return refuse('no-notice-required', 'notice_id');
  const extra = Object.keys(content).find(
    (field) => content[field] !== '' && !dutyToNotify.fields.some((one) => one === field),
  );
  if (extra !== undefined) return refuse('not-allowed-in-notice', extra);
  const from = startOfDay(declinedOn, workdays.timeZone);
  if (from > at) return refuse('in-the-future', 'declined_on');
  const { due } = endOfTerm(workdays, dutyToNotify.within, from);
  return { kind: 'accepted', events: [{ type: 'NoticeRecorded', content, late: at >= due }] };
}
