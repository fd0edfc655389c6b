import type { ProviderEvent } from './events.ts';
import type { Hold } from './hold.ts';

/** The holds after an event; one that ended is gone. */
export function evolveHold(holds: readonly Hold[], event: ProviderEvent): readonly Hold[] {
  switch (event.type) {
    case 'BedHeld': {
      const { holdId, siteId, unitIds, terms, until } = event;
      return [...holds, { status: 'held', holdId, siteId, unitIds, terms, until }];
    }
    case 'BedConfirmed': {
      const { holdId, siteId, unitIds, terms } = event;
      const others = holds.filter((hold) => hold.holdId !== holdId);
      return [...others, { status: 'confirmed', holdId, siteId, unitIds, terms, escort: undefined }];
    }
    case 'HoldReleased':
    case 'BedNotAvailable':
    case 'StayEnded':
      return holds.filter((hold) => hold.holdId !== event.holdId);
    default:
      if (!('holdId' in event)) return holds;
      return holds.map((hold) => (hold.holdId === event.holdId ? changed(hold, event) : hold));
  }
}

function changed(hold: Hold, event: ProviderEvent): Hold {
  switch (event.type) {
    case 'HoldResized':
      return { ...hold, unitIds: event.unitIds, terms: { ...hold.terms, places: event.unitIds.length } };
    case 'HoldMoved':
    case 'StayMoved':
      return { ...hold, unitIds: event.unitIds };
    case 'ApartAdded':
      return { ...hold, terms: { ...hold.terms, apartIds: [...hold.terms.apartIds, event.apartId] } };
    case 'EscortNamed': {
      const { escortId, expectedAt, addressUntil } = event;
      return hold.status === 'confirmed' ? { ...hold, escort: { escortId, expectedAt, addressUntil } } : hold;
    }
    case 'EscortEnded':
      return hold.status === 'confirmed' ? { ...hold, escort: undefined } : hold;
    case 'Arrived': {
      const { holdId, siteId, unitIds, terms } = hold;
      return { status: 'stay', holdId, siteId, unitIds, terms, presence: { kind: 'there' } };
    }
    case 'StayAbsent':
      return hold.status === 'stay' ? { ...hold, presence: { kind: 'absent', keptUntil: event.keptUntil } } : hold;
    case 'AbsenceOverdue':
      return hold.status === 'stay' ? { ...hold, presence: { kind: 'absent', keptUntil: undefined } } : hold;
    case 'StayMissing':
      return hold.status === 'stay' ? { ...hold, presence: { kind: 'missing' } } : hold;
    case 'StayReturned':
      return hold.status === 'stay' ? { ...hold, presence: { kind: 'there' } } : hold;
    default:
      return hold;
  }
}
