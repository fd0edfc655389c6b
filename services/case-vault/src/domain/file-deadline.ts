import type { Instant } from '@opennrm/runtime/decision';

/**
 * What is due in a file:
 * - `permission-ends-soon`, `permission-ends`: the person is asked whether the permission continues;
 * - `acknowledgement`: each service acknowledges that it closed what a withdrawal closes;
 * - `call-back`: a person who withdrew by telephone is called back by a safe channel;
 * - `opening-confirmation`, `end-of-opening`, `review-of-opening`: a file that was opened without a basis;
 * - `basis-ends-soon`, `basis-ends`: a caseworker checks whether the law still gives the basis;
 * - `guardian-ends`: a caseworker checks who decides for the child afterwards;
 * - `review-of-basis`: a substitute basis is reviewed;
 * - `capacity-reassessment`: capacity is assessed again;
 * - `ask-consent-again`: the person, or their guardian, is asked for consent;
 * - `alert-unresolved`: an acknowledged alert is raised again, unless it was resolved.
 */
export type DeadlineCode =
  | 'permission-ends-soon'
  | 'permission-ends'
  | 'acknowledgement'
  | 'call-back'
  | 'opening-confirmation'
  | 'end-of-opening'
  | 'review-of-opening'
  | 'basis-ends-soon'
  | 'basis-ends'
  | 'guardian-ends'
  | 'review-of-basis'
  | 'capacity-reassessment'
  | 'ask-consent-again'
  | 'alert-unresolved';

export interface Deadline {
  readonly code: DeadlineCode;
  /** What it is about: the id of a permission, an opening, a basis, or a code. */
  readonly about: string;
  readonly due: Instant;
}

/** A notice to a role. Acknowledged means seen; the alert stays open until it is resolved or its deadline is met. */
export interface AlertOnFile {
  readonly code: string;
  readonly about: string;
  readonly role: string;
  readonly at: Instant;
  readonly acknowledgedBy: string | undefined;
}
