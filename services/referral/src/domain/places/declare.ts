import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { OrganisationId, ServiceId } from '../need.ts';
import type { Declared, Slot } from './declared.ts';
import type { PlacesDeclared } from './events.ts';
import type { Places } from './places.ts';
import type { PlacesRefusal } from './refusal.ts';

const MOST_SLOTS = 500;

export interface Declaration {
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly declared: Declared;
}

/**
 * Declares the places of a service, for the first time or again. What is kept stays kept, also where fewer places are declared than are kept
 * or the slot of a hold is not declared any more. Only new holds follow the new declaration.
 */
export function declarePlaces(
  places: Places | undefined,
  { serviceId, organisationId, declared }: Declaration,
  now: Instant,
): Decision<PlacesDeclared, PlacesRefusal> {
  if (places && places.declared.kind !== declared.kind && places.holds.length > 0)
    return refuse('in-use', 'declared');
  const wrong = declared.kind === 'appointments' ? slotRefusal(declared.slots, now) : undefined;
  if (wrong) return refuse(wrong, 'slots');
  return accept<PlacesDeclared>({
    type: 'PlacesDeclared',
    serviceId,
    organisationId,
    declared: sorted(declared),
    at: now,
  });
}

function slotRefusal(slots: readonly Slot[], now: Instant): PlacesRefusal | undefined {
  if (slots.length > MOST_SLOTS) return 'too-many-slots';
  if (slots.some(({ start }) => start <= now)) return 'slot-in-the-past';
  const starts = new Set(slots.map(({ start }) => start));
  return starts.size < slots.length ? 'slot-twice' : undefined;
}

const sorted = (declared: Declared): Declared =>
  declared.kind === 'appointments'
    ? { ...declared, slots: declared.slots.toSorted((a, b) => a.start - b.start) }
    : declared;
