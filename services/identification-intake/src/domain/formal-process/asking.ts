import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import {
  DISQUALIFICATION,
  DRAFT,
  type FormalProcess,
  hasOpenStep,
  isOver,
  isRemovalBarred,
  NOTIFY_PERSON,
  PAUSE,
  type PausedFor,
  proposalOf,
} from './procedure.ts';
import type { Actor, ProcessDecision } from './rules.ts';

/** The party that a procedure waits for, so that each delay has an owner. */
export type WaitsFor = 'referrer' | 'authority' | 'second-person' | PausedFor | 'nobody';

export function waitsFor(procedure: FormalProcess): WaitsFor {
  const { stage, deadlines } = procedure;
  if (stage.at === 'draft') return 'referrer';
  if (stage.at === 'information-requested' || stage.at === 'suspended') return stage.waitsFor;
  if (proposalOf(procedure)) return 'second-person';
  if (hasOpenStep(stage)) return 'authority';
  return deadlines[NOTIFY_PERSON] ? 'referrer' : 'nobody';
}

/** The deadline of the party that must act. The recovery period is no party's duty. */
export function dueOf(procedure: FormalProcess): Instant | undefined {
  const ends = owedDeadlines(procedure).flatMap((code) => {
    const deadline = procedure.deadlines[code];
    return deadline?.state === 'running' ? [deadline.end.due] : [];
  });
  return ends.sort((a, b) => a - b)[0];
}

function owedDeadlines(procedure: FormalProcess): readonly string[] {
  const { stage } = procedure;
  if (stage.at === 'draft') return [DRAFT];
  // During a pause the deadline of the pause applies, and that of the step when it was already overdue, because an overdue deadline is not
  // paused.
  if (hasOpenStep(stage)) return [stage.step, PAUSE];
  return proposalOf(procedure) ? [DISQUALIFICATION] : [NOTIFY_PERSON];
}

/**
 * Answers a question about removal, e.g. at a border or in detention: yes or no, about the one marker that was shown. The question is
 * recorded.
 */
export const checkRemovalBar = (
  procedure: FormalProcess,
  { organisation, person }: Pick<Actor, 'organisation' | 'person'>,
  at: Instant,
): ProcessDecision =>
  accept<ProcessEvent>({
    type: 'RemovalBarChecked',
    organisation,
    person,
    barred: isRemovalBarred(procedure),
    at,
  });

const ITS_PURPOSE = 'identification-decision';

/** Read by the referrer and by the authority. The authority reads only for its decision, and only after submission. */
export function readProcedure(
  procedure: FormalProcess,
  reader: Actor & { readonly purpose: string; readonly at: Instant },
): ProcessDecision {
  const { processId } = procedure;
  const { organisation, person, purpose, at } = reader;
  const own = organisation === procedure.referredBy;
  if (!own && organisation !== procedure.authority) return refuse('not-the-authority');
  if (!own && purpose !== ITS_PURPOSE) return refuse('no-basis', 'purpose');
  if (!own && !procedure.submission) return refuse('not-the-authority');
  const basis = own ? 'own-record' : isOver(procedure) ? 'legal-obligation' : 'public-task';
  return accept<ProcessEvent>({
    type: 'ProcessRead',
    processId,
    organisation,
    person,
    purpose,
    basis,
    at,
  });
}
