import {
  type Calendar,
  endOfTerm,
  extendTerm,
  remainingTerm,
  type Term,
  type TermEnd,
} from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';

/** What a deadline is for: a step's decision, the recovery and reflection period, the time to ask for a reconsideration. */
export type DeadlineCode = string;

/** Whom to tell that nobody has decided, and when. */
export interface Escalation {
  readonly at: Instant;
  readonly ownerRole: string;
}

/**
 * A term that the law gives. What it will say and when is fixed while it runs: no other calendar and no newer pack moves it, unless somebody
 * decides so.
 */
export type StatutoryDeadline =
  | {
      readonly state: 'running';
      readonly end: TermEnd;
      /** When it says that it will be due soon; undefined once it has. */
      readonly soonAt: Instant | undefined;
      /** Those who have not been told yet that it is overdue. */
      readonly escalations: readonly Escalation[];
      readonly escalationCount: number;
      /** The role that was told last; undefined while nobody had to be. */
      readonly escalatedTo: string | undefined;
    }
  | { readonly state: 'paused'; readonly remaining: Term; readonly ground: string };

export type Running = Extract<StatutoryDeadline, { state: 'running' }>;
export type Paused = Extract<StatutoryDeadline, { state: 'paused' }>;

/** How a country counts days and warns. */
export interface Timing {
  readonly workdays: Calendar;
  readonly dueSoonBeforeMs: number;
  readonly escalation: readonly { readonly afterMs: number; readonly ownerRole: string }[];
}

/** A deadline of a full term, or of what is left of one. */
export function started(timing: Timing, term: Term, at: Instant): Running {
  return running(timing, endOfTerm(timing.workdays, term, at), at);
}

/** Whoever was told before that it was late is told again when it is late again: it has a new end. */
function running(timing: Timing, end: TermEnd, at: Instant): Running {
  const soonAt = after(end.due, -timing.dueSoonBeforeMs);
  const escalations = timing.escalation.map(({ afterMs, ownerRole }) => ({
    at: after(end.due, afterMs),
    ownerRole,
  }));
  return {
    state: 'running',
    end,
    soonAt: soonAt > at ? soonAt : undefined,
    escalations,
    escalationCount: 0,
    escalatedTo: undefined,
  };
}

/** The time that the law gives is over, and nothing was done in it. */
export const isOverdue = (deadline: StatutoryDeadline, at: Instant): boolean =>
  deadline.state === 'running' && deadline.end.due <= at;

/** In what its term is counted. */
export const unitOf = (deadline: StatutoryDeadline): Term['unit'] =>
  deadline.state === 'paused' ? deadline.remaining.unit : deadline.end.unit;

/** Stands still with what is left of it. */
export const paused = (
  { workdays }: Timing,
  deadline: Running,
  ground: string,
  at: Instant,
): Paused => ({
  state: 'paused',
  remaining: remainingTerm(workdays, deadline.end, at),
  ground,
});

/** Goes on with exactly what was left. */
export const resumed = (timing: Timing, { remaining }: Paused, at: Instant): Running =>
  started(timing, remaining, at);

/** A further term of the same unit on top, of one that is not overdue. */
export function lengthened(
  timing: Timing,
  deadline: StatutoryDeadline,
  by: Term,
  at: Instant,
): StatutoryDeadline {
  if (deadline.state === 'paused')
    return {
      ...deadline,
      remaining: { ...deadline.remaining, count: deadline.remaining.count + by.count },
    };
  return running(timing, extendTerm(timing.workdays, deadline.end, by), at);
}
