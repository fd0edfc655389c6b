import { holdOf } from '@opennrm/holding';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { ServiceEnded } from './events.ts';
import type { HoldId } from './hold.ts';
import type { Places } from './places.ts';
import type { PlacesRefusal } from './refusal.ts';

/** The service is over. Its units are free. */
export function endService(
  places: Places,
  holdId: HoldId,
  code: string,
): Decision<ServiceEnded, PlacesRefusal> {
  const hold = holdOf(places.holds, holdId);
  if (!hold) return refuse('not-held', 'hold_id');
  if (hold.status !== 'started') return refuse('not-started', 'hold_id');
  return accept<ServiceEnded>({ type: 'ServiceEnded', holdId, code });
}
