import { type Calendar, type End, endOf, extended, leftOf, type Term } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';

/** What a clock is for: a step's decision, the recovery and reflection period, the time to ask for a reconsideration. */
export type ClockCode = string;

/** Whom to tell that nobody has decided, and when. */
export interface Escalation {
  readonly at: Instant;
  readonly ownerRole: string;
}

/**
 * A term that the law gives. What it will say and when is fixed while it runs: no other calendar and no newer pack moves it, unless somebody
 * decides so.
 */
export type StatutoryClock =
  | {
      readonly state: 'running';
      readonly end: End;
      /** When it says that it will be due soon; undefined once it has. */
      readonly soonAt: Instant | undefined;
      /** Those who have not been told yet that it is overdue. */
      readonly escalations: readonly Escalation[];
      readonly told: number;
      /** The role that was told last; undefined while nobody had to be. */
      readonly toldTo: string | undefined;
    }
  | { readonly state: 'paused'; readonly left: Term; readonly ground: string };

export type Running = Extract<StatutoryClock, { state: 'running' }>;
export type Paused = Extract<StatutoryClock, { state: 'paused' }>;

/** How a country counts days and warns. */
export interface Timing {
  readonly workdays: Calendar;
  readonly dueSoonBeforeMs: number;
  readonly escalation: readonly { readonly afterMs: number; readonly ownerRole: string }[];
}

/** A clock of a full term, or of what is left of one. */
export function started(timing: Timing, term: Term, at: Instant): Running {
  return running(timing, endOf(timing.workdays, term, at), at);
}

/** Whoever was told before that it was late is told again when it is late again: it has a new end. */
function running(timing: Timing, end: End, at: Instant): Running {
  const soonAt = after(end.due, -timing.dueSoonBeforeMs);
  const escalations = timing.escalation.map(({ afterMs, ownerRole }) => ({ at: after(end.due, afterMs), ownerRole }));
  return { state: 'running', end, soonAt: soonAt > at ? soonAt : undefined, escalations, told: 0, toldTo: undefined };
}

/** The time that the law gives is over, and nothing was done in it. */
export const isOverdue = (clock: StatutoryClock, at: Instant): boolean =>
  clock.state === 'running' && clock.end.due <= at;

/** In what its term is counted. */
export const unitOf = (clock: StatutoryClock): Term['unit'] =>
  clock.state === 'paused' ? clock.left.unit : clock.end.unit;

/** Stands still with what is left of it. */
export const paused = ({ workdays }: Timing, clock: Running, ground: string, at: Instant): Paused => ({
  ...{ state: 'paused', left: leftOf(workdays, clock.end, at), ground },
});

/** Goes on with exactly what was left. */
export const resumed = (timing: Timing, { left }: Paused, at: Instant): Running => started(timing, left, at);

/** A further term of the same unit on top, of one that is not overdue. */
export function lengthened(timing: Timing, clock: StatutoryClock, by: Term, at: Instant): StatutoryClock {
  if (clock.state === 'paused') return { ...clock, left: { ...clock.left, count: clock.left.count + by.count } };
  return running(timing, extended(timing.workdays, clock.end, by), at);
}
