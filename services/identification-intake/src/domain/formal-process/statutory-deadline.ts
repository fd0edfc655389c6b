import {
  type Calendar,
  endOfTerm,
  extendTerm,
  remainingTerm,
  type Term,
  type TermEnd,
} from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';

/** What a deadline is for: the decision of a step, the recovery and reflection period, or another code of `procedure.ts`. */
export type DeadlineCode = string;

/** Which role is notified of a delay, and when. */
export interface Escalation {
  readonly at: Instant;
  readonly ownerRole: string;
}

/**
 * A statutory term. Its warning and escalations are fixed when it starts: a newer calendar or pack changes them only when newer rules are
 * adopted.
 */
export type StatutoryDeadline =
  | {
      readonly state: 'running';
      readonly end: TermEnd;
      /** When it warns that it will be due soon; undefined after the warning. */
      readonly soonAt: Instant | undefined;
      /** The escalations that have not happened yet. */
      readonly escalations: readonly Escalation[];
      readonly escalationCount: number;
      /** The role that was notified last; undefined when none was. */
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

/** Starts a deadline of a full term, or of a remaining one. */
export function started(timing: Timing, term: Term, at: Instant): Running {
  return running(timing, endOfTerm(timing.workdays, term, at), at);
}

/** All roles are notified again when it is overdue again, because it has a new end. */
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

/** Whether a running deadline has passed. The deadline is removed when it is met. */
export const isOverdue = (deadline: StatutoryDeadline, at: Instant): boolean =>
  deadline.state === 'running' && deadline.end.due <= at;

/** The unit of its term. */
export const unitOf = (deadline: StatutoryDeadline): Term['unit'] =>
  deadline.state === 'paused' ? deadline.remaining.unit : deadline.end.unit;

/** Pauses a deadline with its remaining term. */
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

/** Resumes a paused deadline with exactly its remaining term. */
export const resumed = (timing: Timing, { remaining }: Paused, at: Instant): Running =>
  started(timing, remaining, at);

/** Extends a deadline that is not overdue by a term of the same unit. */
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
