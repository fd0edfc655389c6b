/** The types of a decision in a domain. Nothing here reads a clock, a database or the network. */

/** A moment of business time, in milliseconds since 1970-01-01T00:00Z. The domain receives it as data. */
export type Instant = number & { readonly __instant: unique symbol };

/** Converts milliseconds since 1970-01-01T00:00Z to a moment. */
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

/** The moment `milliseconds` after `start`. A negative number gives an earlier moment. */
export const after = (start: Instant, milliseconds: number): Instant =>
  (start + milliseconds) as Instant;

/** Durations in milliseconds. */
export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/**
 * The result of a rule:
 * - `accepted`: these events happened;
 * - `refused`: a rule refuses a command; the caller receives its name (a refusal is never an exception);
 * - `ignored`: a late, repeated or foreign message changes nothing, and the reason is named.
 */
export type Decision<Event, Refusal extends string = never> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly field?: string }
  | { readonly kind: 'ignored'; readonly reason: string };

export const accept = <Event>(...events: Event[]): Decision<Event> => ({
  kind: 'accepted',
  events,
});

/** `field` names the part of the command that the rule checked, never its content. */
export const refuse = <Refusal extends string>(
  refusal: Refusal,
  field?: string,
): Decision<never, Refusal> =>
  field === undefined ? { kind: 'refused', refusal } : { kind: 'refused', refusal, field };

export const ignore = (reason: string): Decision<never> => ({ kind: 'ignored', reason });
