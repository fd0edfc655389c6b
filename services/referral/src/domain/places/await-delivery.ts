import { holdOf } from '@opennrm/holding';
import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import type { DeliveryAwaited } from './events.ts';
import type { Awaited, HoldId } from './hold.ts';
import type { Places } from './places.ts';

/** Everybody agreed to the confirmed place, or half of the time is over, or an appointment was missed: the service acts by then. */
export function awaitDelivery(
  places: Places,
  holdId: HoldId,
  awaited: Awaited,
): Decision<DeliveryAwaited> {
  const hold = holdOf(places.holds, holdId);
  if (!hold) return ignore('no-such-hold');
  if (hold.status === 'started') return ignore('already-started');
  if (hold.status === 'held') return ignore('not-confirmed');
  if (hold.awaited?.by === awaited.by && hold.awaited.isReminder === awaited.isReminder)
    return ignore('already-awaited');
  return accept<DeliveryAwaited>({ type: 'DeliveryAwaited', holdId, awaited });
}
