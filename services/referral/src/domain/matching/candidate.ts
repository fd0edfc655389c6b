import type { OrganisationId, ServiceId } from '../need.ts';

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

/** One term of the order among the eligible; smaller comes first. */
export interface OrderTerm {
  readonly term: string;
  readonly value: number;
}

/** What a search found of one service: the line of the decision record. */
export interface Candidate {
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly failed: readonly RuleCode[];
  /** Rules that need an answer first: not eligible until it is given. */
  readonly unanswered: readonly RuleCode[];
  readonly terms: readonly OrderTerm[];
  readonly asked: boolean;
}
