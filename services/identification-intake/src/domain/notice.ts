import { beginningOf, endOf, type LocalDate } from '@opennrm/country';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Rules } from './formal-process/rules.ts';

/**
 * That somebody was met who did not wish to be referred: what the law allows to be said of an adult without her permission, and nothing by
 * which she could be found (the duty to notify of the reference country: gender and nationality only).
 */
export interface Notice {
  readonly noticeId: string;
  /** Codes by field; an empty one is not said. */
  readonly content: Readonly<Record<string, string>>;
  /** The day on which she said no; it is not kept. */
  readonly declinedOn: LocalDate;
  readonly at: Instant;
}

export interface NoticeRecorded {
  readonly type: 'NoticeRecorded';
  readonly content: Readonly<Record<string, string>>;
  /** The term of the country was over: a late notice is better than none, and is seen to be late. */
  readonly late: boolean;
}

export function recordNotice(
  { content, declinedOn, at }: Notice,
  { dutyToNotify, workdays }: Rules,
): Decision<NoticeRecorded, 'no-notice-owed' | 'not-allowed-in-notice' | 'in-the-future'> {
  if (!dutyToNotify.owed) return refuse('no-notice-owed', 'notice_id');
  const extra = Object.keys(content).find(
    (field) => content[field] !== '' && !dutyToNotify.fields.some((one) => one === field),
  );
  if (extra !== undefined) return refuse('not-allowed-in-notice', extra);
  const from = beginningOf(declinedOn, workdays.timeZone);
  if (from > at) return refuse('in-the-future', 'declined_on');
  const { due } = endOf(workdays, dutyToNotify.within, from);
  return { kind: 'accepted', events: [{ type: 'NoticeRecorded', content, late: at >= due }] };
}
