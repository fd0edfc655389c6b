import { evolveHolds } from '@opennrm/holding';
import type { PlacesDeclared, PlacesEvent, ServiceBegun, TimePassed } from './events.ts';
import type { PlacesHold, PlacesTerms, PlacesUnits } from './hold.ts';

type OfHold = Exclude<PlacesEvent, PlacesDeclared | TimePassed>;

/** The holds after an event. A hold that ended is removed. */
export function evolveHold(holds: readonly PlacesHold[], event: OfHold): readonly PlacesHold[] {
  switch (event.type) {
    case 'UnitsHeld':
    case 'HoldRefused':
    case 'HoldReleased':
    case 'HoldResized':
    case 'HoldMoved':
    case 'UnitsConfirmed':
    case 'UnitsUnavailable':
    case 'ApartAdded':
    case 'ApartOverlapFound':
      return evolveHolds<PlacesTerms, PlacesUnits, PlacesHold>(holds, event);
    case 'DeliveryAwaited':
      return holds.map((hold) =>
        hold.holdId === event.holdId && hold.status === 'confirmed'
          ? { ...hold, awaited: event.awaited, appointment: undefined }
          : hold,
      );
    case 'AppointmentAgreed':
      return holds.map((hold) =>
        hold.holdId === event.holdId && hold.status === 'confirmed'
          ? { ...hold, awaited: undefined, appointment: event.at, unitIds: event.unitIds }
          : hold,
      );
    case 'AppointmentMissed':
      return holds.map((hold) =>
        hold.holdId === event.holdId && hold.status === 'confirmed'
          ? { ...hold, appointment: undefined }
          : hold,
      );
    case 'ServiceBegun':
      return begun(holds, event);
    case 'WorkerReplaced':
      return holds.map((hold) =>
        hold.holdId === event.holdId && hold.status === 'started'
          ? { ...hold, workerId: event.workerId }
          : hold,
      );
    case 'ServiceEnded':
      return holds.filter((hold) => hold.holdId !== event.holdId);
  }
}

function begun(
  holds: readonly PlacesHold[],
  { holdId, workerId, terms, unitIds }: ServiceBegun,
): readonly PlacesHold[] {
  const before = holds.find((hold) => hold.holdId === holdId);
  const appointment = before && 'appointment' in before ? before.appointment : undefined;
  const others = holds.filter((hold) => hold !== before);
  return [...others, { status: 'started', holdId, terms, unitIds, workerId, appointment }];
}
