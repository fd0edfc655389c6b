import { accept, type Decision } from '@opennrm/runtime/decision';
import { assertFree } from './allocation.ts';
import {
  type HoldMoved,
  type HoldReleased,
  type HoldResized,
  ignored,
  type UnitsUnavailable,
} from './events.ts';
import { type Allocation, type Hold, type HoldId, hasStarted, holdOf, type Terms } from './hold.ts';

/** A member left the party: the hold keeps its first units. It never grows, and a service that has started keeps every unit. */
export function resizeHold<A extends Allocation>(
  holds: readonly Hold<Terms, A>[],
  holdId: HoldId,
  places: number,
): Decision<HoldResized<A>> {
  const hold = holdOf(holds, holdId);
  if (!hold) return ignored('no-such-hold');
  if (hasStarted(hold)) return ignored('already-started');
  if (places < 1 || places >= hold.unitIds.length) return ignored('not-smaller');
  const unitIds = hold.unitIds.slice(0, places);
  return accept<HoldResized<A>>({ type: 'HoldResized', holdId, unitIds });
}

/**
 * A unit can no longer be used: its hold gets the other unit that the provider gives, or is over. A service that has started is never moved
 * by this.
 */
export function loseUnit<A extends Allocation, H extends Hold<Terms, A>>(
  holds: readonly H[],
  unitId: A['unitIds'][number],
  replacementFor: (hold: H) => A['unitIds'][number] | undefined,
): Decision<HoldMoved<A> | HoldReleased | UnitsUnavailable<never>> {
  const hold = holds.find((one) => one.unitIds.includes(unitId));
  if (!hold) return ignored('unit-not-kept');
  if (hasStarted(hold)) return ignored('already-started');
  const { holdId } = hold;
  const other = replacementFor(hold);
  if (other !== undefined) {
    assertFree([other], holds);
    const unitIds = hold.unitIds.map((one) => (one === unitId ? other : one));
    return accept<HoldMoved<A>>({ type: 'HoldMoved', holdId, unitIds });
  }
  return hold.status === 'confirmed'
    ? accept({ type: 'UnitsUnavailable', holdId, cause: 'unit-lost' })
    : accept({ type: 'HoldReleased', holdId, code: 'unit-lost' });
}
