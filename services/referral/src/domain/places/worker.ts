import { holdOf } from '@opennrm/holding';
import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import { begin, beginAgain } from './begin-service.ts';
import type { PlacesEvent } from './events.ts';
import type { HoldId, PlacesHold, PlacesTerms } from './hold.ts';
import type { Places } from './places.ts';
import type { PlacesRefusal } from './refusal.ts';

/** Who takes up the case. */
export interface Assigned {
  readonly workerId: string;
  /** The person agreed and the hold was released, because no worker had been named in time. */
  readonly isLate: boolean;
}

/**
 * A worker takes up the case: the service begins, or continues with another worker. A worker below the limit may take a party that exceeds it:
 * a party larger than every limit would otherwise have no worker.
 */
export function assignWorker(
  places: Places,
  holdId: HoldId,
  { workerId, isLate }: Assigned,
  terms: PlacesTerms,
  now: Instant,
): Decision<PlacesEvent, PlacesRefusal> {
  const { declared, holds } = places;
  const hold = holdOf(holds, holdId);
  if (!hold && !isLate) return refuse('not-held', 'hold_id');
  if (declared.kind !== 'caseload') return refuse('no-caseload-here', 'hold_id');
  if (!hold) return accept<PlacesEvent>(...beginAgain(places, holdId, terms, now, workerId));
  if (hold.status === 'held') return refuse('not-confirmed', 'hold_id');
  if (hold.status === 'started' && hold.workerId === workerId) return ignore('already-assigned');
  if (hold.status === 'confirmed' && !hold.awaited) return refuse('person-not-agreed', 'hold_id');
  if (declared.limitOfWorker !== undefined && peopleOf(workerId, holds) >= declared.limitOfWorker)
    return refuse('caseload-full', 'worker_id');
  return accept<PlacesEvent>(
    hold.status === 'started'
      ? { type: 'WorkerReplaced', holdId, workerId }
      : begin(hold, terms, workerId),
  );
}

/** How many people a worker carries now. */
const peopleOf = (workerId: string, holds: readonly PlacesHold[]): number =>
  holds
    .filter((hold) => hold.status === 'started' && hold.workerId === workerId)
    .reduce((sum, hold) => sum + hold.terms.places, 0);
