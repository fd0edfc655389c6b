import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import type { Deadline, DeadlineCode } from './file-deadline.ts';

export const deadline = (code: DeadlineCode, about: string, due: Instant): CaseFileEvent => ({
  type: 'DeadlineSet',
  deadline: { code, about, due },
});

export const alertRaised = (
  code: string,
  about: string,
  role: string,
  at: Instant,
): CaseFileEvent => ({
  type: 'AlertRaised',
  alert: { code, about, role, at, acknowledgedBy: undefined },
});

/** Ends the deadline and the alert about it. */
export const deadlineMet = (file: CaseFile, code: DeadlineCode, about: string): CaseFileEvent[] =>
  file.deadlines.some((one) => one.code === code && one.about === about) ||
  hasAlert(file, code, about)
    ? [{ type: 'DeadlineMet', code, about }]
    : [];

export const hasAlert = (file: CaseFile, code: string, about: string): boolean =>
  file.alerts.some((one) => one.code === code && one.about === about);

/** The earliest deadline of a file. */
export const nextDeadline = ({ deadlines }: CaseFile): Deadline | undefined =>
  deadlines.toSorted((a, b) => a.due - b.due)[0];
