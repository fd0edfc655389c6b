import { allocationOf } from './allocation.ts';
import type { HoldEvent } from './events.ts';
import type { Allocation, Confirmed, Held, Hold, Terms } from './hold.ts';

/**
 * The live holds after an event. A hold that ended is removed. Total: an event that was accepted once is never refused here. A provider
 * applies its own events itself: those that start or end a service, or arrange something for a confirmed hold.
 */
export function evolveHolds<T extends Terms, A extends Allocation, H extends Hold<T, A>>(
  holds: readonly H[],
  event: HoldEvent<T, A, string>,
): readonly (H | Held<T, A> | Confirmed<T, A>)[] {
  const others = holds.filter((hold) => hold.holdId !== event.holdId);
  const change = (to: (hold: H) => H): readonly H[] =>
    holds.map((hold) => (hold.holdId === event.holdId ? to(hold) : hold));
  switch (event.type) {
    case 'UnitsHeld': {
      const { holdId, terms, until } = event;
      return [...others, { ...allocationOf<A>(event), holdId, terms, status: 'held', until }];
    }
    case 'UnitsConfirmed': {
      const { holdId, terms } = event;
      return [...others, { ...allocationOf<A>(event), holdId, terms, status: 'confirmed' }];
    }
    case 'HoldReleased':
    case 'UnitsUnavailable':
      return others;
    case 'HoldResized':
      return change((hold) => ({
        ...hold,
        unitIds: event.unitIds,
        terms: { ...hold.terms, places: event.unitIds.length },
      }));
    case 'HoldMoved':
      return change((hold) => ({ ...hold, unitIds: event.unitIds }));
    case 'ApartAdded':
      return change((hold) => ({
        ...hold,
        terms: { ...hold.terms, apartIds: [...hold.terms.apartIds, event.apartId] },
      }));
    case 'HoldRefused':
    case 'ApartOverlapFound':
      return holds;
  }
}
