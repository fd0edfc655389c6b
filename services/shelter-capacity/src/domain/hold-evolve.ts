import type { HoldEvent, StayEvent } from './events.ts';
import type { Escort, Hold, Presence } from './hold.ts';

/** The holds after an event. A hold that ended is removed. */
export function evolveHold(holds: readonly Hold[], event: HoldEvent | StayEvent): readonly Hold[] {
  switch (event.type) {
    case 'UnitsHeld': {
      const { holdId, siteId, unitIds, terms, until } = event;
      return [...holds, { status: 'held', holdId, siteId, unitIds, terms, until }];
    }
    case 'UnitsConfirmed': {
      const { holdId, siteId, unitIds, terms } = event;
      const others = holds.filter((hold) => hold.holdId !== holdId);
      return [
        ...others,
        { status: 'confirmed', holdId, siteId, unitIds, terms, escort: undefined },
      ];
    }
    case 'HoldReleased':
    case 'UnitsUnavailable':
    case 'StayEnded':
      return holds.filter((hold) => hold.holdId !== event.holdId);
    case 'HoldRefused':
    case 'HoldResized':
    case 'HoldMoved':
    case 'ApartAdded':
    case 'ApartOverlapFound':
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

type ChangeOfHold = Exclude<
  HoldEvent | StayEvent,
  {
    readonly type:
      | 'UnitsHeld'
      | 'HoldReleased'
      | 'UnitsConfirmed'
      | 'UnitsUnavailable'
      | 'StayEnded';
  }
>;

function changed(hold: Hold, event: ChangeOfHold): Hold {
  switch (event.type) {
    case 'HoldResized':
      return {
        ...hold,
        unitIds: event.unitIds,
        terms: { ...hold.terms, places: event.unitIds.length },
      };
    case 'HoldMoved':
    case 'StayMoved':
      return { ...hold, unitIds: event.unitIds };
    case 'ApartAdded':
      return {
        ...hold,
        terms: { ...hold.terms, apartIds: [...hold.terms.apartIds, event.apartId] },
      };
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
    case 'StayAbsent':
      return withPresence(hold, { kind: 'absent', keptUntil: event.keptUntil });
    case 'AbsenceOverdue':
      return withPresence(hold, { kind: 'absent', keptUntil: undefined });
    case 'StayMissing':
      return withPresence(hold, { kind: 'missing' });
    case 'StayReturned':
      return withPresence(hold, { kind: 'present' });
    case 'HoldRefused':
    case 'ApartOverlapFound':
    case 'AddressRead':
    case 'DidNotArrive':
      return hold;
  }
}

const withEscort = (hold: Hold, escort: Escort | undefined): Hold =>
  hold.status === 'confirmed' ? { ...hold, escort } : hold;

const withPresence = (hold: Hold, presence: Presence): Hold =>
  hold.status === 'stay' ? { ...hold, presence } : hold;
