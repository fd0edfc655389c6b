import type { Actor } from '../actor.ts';
import type { Instant } from '../decision.ts';

/** The result of a handler: a response, or the refusal of a rule. A refusal is never an exception. */
export type Answer<Response> = { readonly kind: 'answer'; readonly response: Response } | Refused;

/** A rule refused the request. */
export interface Refused {
  readonly kind: 'refused';
  readonly refusal: string;
  readonly field?: string | undefined;
  /** When several fields are concerned: each field with its rule, never with its content. */
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

/** What a handler knows about the call: the actor, and the moment in business time. */
export interface Call {
  readonly actor: Actor;
  readonly at: Instant;
  readonly rpc: string;
}
