import { accept, type Instant } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { ASK_AGAIN, DRAFT, type FormalProcess, RECOVERY } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import type { Running } from './statutory-clock.ts';

/** Something that happens of itself when its time has come. */
interface Owed {
  readonly at: Instant;
  readonly event: OfItself;
}

type OfItself = Extract<ProcessEvent, { readonly type: 'ClockDueSoon' | 'ClockEnded' | 'ClockOverdue' }>;

function owedBy(clock: string, { end: { due }, soonAt, escalations, told }: Running): Owed[] {
  const soon: Owed[] = soonAt === undefined ? [] : [{ at: soonAt, event: { type: 'ClockDueSoon', clock, due } }];
  // Nobody is late when her recovery is over, when nobody asked again, or when a draft was not sent.
  if (clock === RECOVERY || clock === ASK_AGAIN || clock === DRAFT)
    return [...soon, { at: due, event: { type: 'ClockEnded', clock } }];
  const [next] = escalations;
  if (!next) return soon;
  const { at, ownerRole } = next;
  return [...soon, { at, event: { type: 'ClockOverdue', clock, due, ownerRole, nth: told + 1 } }];
}

/** In the order of its time. */
const owed = ({ clocks }: FormalProcess): Owed[] =>
  Object.entries(clocks)
    .flatMap(([code, clock]) => (clock.state === 'running' ? owedBy(code, clock) : []))
    .sort((a, b) => a.at - b.at);

/** When the next thing happens of itself; undefined when nothing is owed. */
export const nextOwed = (procedure: FormalProcess): Instant | undefined => owed(procedure)[0]?.at;

/** What is due now happens, in the order of its time. Whoever was not told in time is told now: late, never not at all. */
export function timePasses(procedure: FormalProcess, now: Instant): ProcessDecision {
  const due = owed(procedure).filter(({ at }) => at <= now);
  return accept(...due.flatMap(({ event }): ProcessEvent[] => [...happeningWith(event), event]));
}

/** What is over when its clock is, and that it is due: nobody is told that somebody is late before that. */
function happeningWith(event: OfItself): ProcessEvent[] {
  switch (event.type) {
    case 'ClockOverdue':
      return event.nth === 1 ? [{ type: 'ClockDue', clock: event.clock, due: event.due }] : [];
    case 'ClockEnded':
      if (event.clock === RECOVERY) return [{ type: 'RecoveryEnded', ground: undefined }];
      return event.clock === DRAFT ? [{ type: 'ProcessLapsed' }] : [];
    case 'ClockDueSoon':
      return [];
  }
}
