import type { Actor } from '../actor.ts';
import type { Instant } from '../decision.ts';

/** What a handler answers: a response, or the refusal of a rule. Never an exception for a no. */
export type Answer<Response> = { readonly kind: 'answer'; readonly response: Response } | Refused;

/** A rule said no. */
export interface Refused {
  readonly kind: 'refused';
  readonly refusal: string;
  readonly field?: string | undefined;
  /** Where several fields are concerned: each with the rule, never with its content. */
  readonly problems?: readonly { readonly field: string; readonly rule: string }[] | undefined;
}

export const answer = <Response>(response: Response): Answer<Response> => ({
  kind: 'answer',
  response,
});
export const refused = (refusal: string, field?: string): Refused => ({
  kind: 'refused',
  refusal,
  field,
});

/** What a handler knows about the call: who, and when in business time. */
export interface Call {
  readonly actor: Actor;
  readonly at: Instant;
  readonly rpc: string;
}
