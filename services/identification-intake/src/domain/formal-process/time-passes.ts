import { accept, type Instant } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { DRAFT, type FormalProcess, RECONSIDERATION, RECOVERY } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import type { Running } from './statutory-deadline.ts';

/** Something that happens of itself when its time has come. */
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
  // Nobody is late when the recovery period is over, when nobody asked again, or when a draft was not sent.
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

/** In the order of its time. */
const dueEvents = ({ deadlines }: FormalProcess): DueEvent[] =>
  Object.entries(deadlines)
    .flatMap(([code, deadline]) =>
      deadline.state === 'running' ? dueEventsOf(code, deadline) : [],
    )
    .sort((a, b) => a.at - b.at);

/** When the next thing happens of itself; undefined when nothing is owed. */
export const nextDue = (procedure: FormalProcess): Instant | undefined =>
  dueEvents(procedure)[0]?.at;

/** What is due now happens, in the order of its time. Whoever was not told in time is told now: late, never not at all. */
export function timePasses(procedure: FormalProcess, now: Instant): ProcessDecision {
  const due = dueEvents(procedure).filter(({ at }) => at <= now);
  return accept(...due.flatMap(({ event }): ProcessEvent[] => [...eventsBefore(event), event]));
}

/** What is over when its clock is, and that it is due: nobody is told that somebody is late before that. */
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
