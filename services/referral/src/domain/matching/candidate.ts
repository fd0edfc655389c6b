import type { ServiceId } from '../need.ts';

/** Why a service cannot be asked now (`matching.md` §1). Each code is one rule. */
export type RuleCode =
  | 'GROUP'
  | 'AGE'
  | 'SIZE'
  | 'TOGETHER'
  | 'ACCESSIBILITY'
  | 'CHILD_LICENCE'
  | 'SERVICE_MISSING'
  | 'EXCLUDED_AREA'
  | 'NOT_POSSIBLE_HERE'
  | 'BASIS'
  | 'CONFLICT'
  | 'FUNDING_COVER'
  | 'NOT_ACCREDITED'
  | 'CLOSED'
  | 'NO_FREE_UNIT'
  | 'ALREADY_ASKED'
  | 'DECLINED_RECENTLY'
  | 'PERSON_DECLINED';

/** What a search found about one service: one line of the decision record. */
export interface Candidate {
  readonly serviceId: ServiceId;
  readonly failed: readonly RuleCode[];
  /** Rules that need an answer first. The service is not eligible until the answer is known. */
  readonly unanswered: readonly RuleCode[];
  /** The order terms of an eligible service, in the order of `SearchDecision.order`; smaller comes first. Empty where a rule fails. */
  readonly terms: readonly number[];
  readonly asked: boolean;
}
