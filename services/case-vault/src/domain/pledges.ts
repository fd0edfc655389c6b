import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/**
 * What a file owes somebody, and by when:
 * - `permission-ends-soon`, `permission-ends`: she is asked whether it goes on;
 * - `acknowledgement`: each service says that it closed what a withdrawal closes;
 * - `call-back`: who withdrew by telephone is called by a safe channel;
 * - `second-person`, `end-of-opening`, `review-of-opening`: a file that was opened without a basis;
 * - `basis-ends-soon`, `basis-ends`: somebody sees whether the law still gives it;
 * - `guardian-ends`: somebody sees who speaks for her then;
 * - `review-of-basis`: what stands in for her word is looked at again;
 * - `capacity-again`: she is asked again whether she can decide;
 * - `ask-anew`: the person is asked themselves, after somebody spoke for them;
 * - `alert-unresolved`: an alert that was acknowledged is told again, unless it was resolved.
 */
export type PledgeCode =
  | 'permission-ends-soon'
  | 'permission-ends'
  | 'acknowledgement'
  | 'call-back'
  | 'second-person'
  | 'end-of-opening'
  | 'review-of-opening'
  | 'basis-ends-soon'
  | 'basis-ends'
  | 'guardian-ends'
  | 'review-of-basis'
  | 'capacity-again'
  | 'ask-anew'
  | 'alert-unresolved';

export interface Pledge {
  readonly code: PledgeCode;
  /** What it is about: the id of a permission, an opening, a basis, or a code. */
  readonly about: string;
  readonly due: Instant;
}

/** Somebody is told. Acknowledged means seen; the alert is open until it is resolved, or what it is about is done. */
export interface AlertOnFile {
  readonly code: string;
  readonly about: string;
  readonly role: string;
  readonly at: Instant;
  readonly acknowledgedBy: string | undefined;
}

export const pledge = (code: PledgeCode, about: string, due: Instant): CaseFileEvent => ({
  ...{ type: 'PledgeMade', pledge: { code, about, due } },
});

export const raised = (code: string, about: string, role: string, at: Instant): CaseFileEvent => ({
  ...{ type: 'AlertRaised', alert: { code, about, role, at, acknowledgedBy: undefined } },
});

/** What is seen to: its clock ends, and so does the alert about it. */
export const kept = (file: CaseFile, code: PledgeCode, about: string): CaseFileEvent[] =>
  file.pledges.some((one) => one.code === code && one.about === about) || hasAlert(file, code, about)
    ? [{ type: 'PledgeKept', code, about }]
    : [];

export const hasAlert = (file: CaseFile, code: string, about: string): boolean =>
  file.alerts.some((one) => one.code === code && one.about === about);

/** The earliest promise of a file. */
export const nextPledge = ({ pledges }: CaseFile): Pledge | undefined => pledges.toSorted((a, b) => a.due - b.due)[0];
