import { evolveHolds } from '@opennrm/holding';
import type { HoldEvent, StayEvent } from './events.ts';
import type { Escort, Hold, HoldTerms, Presence, UnitsAtSite } from './hold.ts';

/** The holds after an event. A hold that ended is removed. */
export function evolveHold(holds: readonly Hold[], event: HoldEvent | StayEvent): readonly Hold[] {
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
      return evolveHolds<HoldTerms, UnitsAtSite, Hold>(holds, event);
    case 'StayEnded':
      return holds.filter((hold) => hold.holdId !== event.holdId);
    case 'EscortNamed':
    case 'EscortEnded':
    case 'AddressRead':
    case 'Arrived':
    case 'DidNotArrive':
    case 'StayMoved':
    case 'StayAbsent':
    case 'AbsenceOverdue':
    case 'StayMissing':
    case 'StayReturned':
      return holds.map((hold) => (hold.holdId === event.holdId ? changed(hold, event) : hold));
  }
}

type ChangeOfPlace = Extract<
  HoldEvent | StayEvent,
  {
    readonly type:
      | 'EscortNamed'
      | 'EscortEnded'
      | 'AddressRead'
      | 'Arrived'
      | 'DidNotArrive'
      | 'StayMoved'
      | 'StayAbsent'
      | 'AbsenceOverdue'
      | 'StayMissing'
      | 'StayReturned';
  }
>;

function changed(hold: Hold, event: ChangeOfPlace): Hold {
  switch (event.type) {
    case 'EscortNamed': {
      const { escortId, expectedAt, addressUntil } = event;
      return withEscort(hold, { escortId, expectedAt, addressUntil });
    }
    case 'EscortEnded':
      return withEscort(hold, undefined);
    case 'Arrived': {
      const { holdId, siteId, unitIds, terms } = hold;
      return { status: 'stay', holdId, siteId, unitIds, terms, presence: { kind: 'present' } };
    }
    case 'StayMoved':
      return { ...hold, unitIds: event.unitIds };
    case 'StayAbsent':
      return withPresence(hold, { kind: 'absent', keptUntil: event.keptUntil });
    case 'AbsenceOverdue':
      return withPresence(hold, { kind: 'absent', keptUntil: undefined });
    case 'StayMissing':
      return withPresence(hold, { kind: 'missing' });
    case 'StayReturned':
      return withPresence(hold, { kind: 'present' });
    case 'AddressRead':
    case 'DidNotArrive':
      return hold;
  }
}

const withEscort = (hold: Hold, escort: Escort | undefined): Hold =>
  hold.status === 'confirmed' ? { ...hold, escort } : hold;

const withPresence = (hold: Hold, presence: Presence): Hold =>
  hold.status === 'stay' ? { ...hold, presence } : hold;
