import { accept, type Instant } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { DRAFT, type FormalProcess, RECONSIDERATION, RECOVERY } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import type { Running } from './statutory-deadline.ts';

/** An event that happens by itself at its time. */
interface DueEvent {
  readonly at: Instant;
  readonly event: TimedEvent;
}

type TimedEvent = Extract<
  ProcessEvent,
  { readonly type: 'DeadlineDueSoon' | 'DeadlineEnded' | 'DeadlineEscalated' }
>;

function dueEventsOf(
  deadline: string,
  { end: { due }, soonAt, escalations, escalationCount }: Running,
): DueEvent[] {
  const soon: DueEvent[] =
    soonAt === undefined ? [] : [{ at: soonAt, event: { type: 'DeadlineDueSoon', deadline, due } }];
  // The end of the recovery period, of the term for a reconsideration and of a draft is not a delay.
  if (deadline === RECOVERY || deadline === RECONSIDERATION || deadline === DRAFT)
    return [...soon, { at: due, event: { type: 'DeadlineEnded', deadline } }];
  const [next] = escalations;
  if (!next) return soon;
  const { at, ownerRole } = next;
  return [
    ...soon,
    {
      at,
      event: { type: 'DeadlineEscalated', deadline, due, ownerRole, nth: escalationCount + 1 },
    },
  ];
}

/** In the order of time. */
const dueEvents = ({ deadlines }: FormalProcess): DueEvent[] =>
  Object.entries(deadlines)
    .flatMap(([code, deadline]) =>
      deadline.state === 'running' ? dueEventsOf(code, deadline) : [],
    )
    .sort((a, b) => a.at - b.at);

/** The time of the next event by itself; undefined when there is none. */
export const nextDue = (procedure: FormalProcess): Instant | undefined =>
  dueEvents(procedure)[0]?.at;

/** The events that are due now, in the order of time. A missed notification happens now: late, but never omitted. */
export function timePasses(procedure: FormalProcess, now: Instant): ProcessDecision {
  const due = dueEvents(procedure).filter(({ at }) => at <= now);
  return accept(...due.flatMap(({ event }): ProcessEvent[] => [...eventsBefore(event), event]));
}

/** The events before a timed event: what ends with its deadline, and that the deadline has passed before it is escalated. */
function eventsBefore(event: TimedEvent): ProcessEvent[] {
  switch (event.type) {
    case 'DeadlineEscalated':
      return event.nth === 1
        ? [{ type: 'DeadlinePassed', deadline: event.deadline, due: event.due }]
        : [];
    case 'DeadlineEnded':
      if (event.deadline === RECOVERY) return [{ type: 'RecoveryEnded', ground: undefined }];
      return event.deadline === DRAFT ? [{ type: 'ProcessLapsed' }] : [];
    case 'DeadlineDueSoon':
      return [];
  }
}
