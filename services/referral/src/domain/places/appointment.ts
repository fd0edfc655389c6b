import { holdOf } from '@opennrm/holding';
import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { Slot } from './declared.ts';
import type { PlacesEvent } from './events.ts';
import type { HoldId, PlacesHold } from './hold.ts';
import type { Places } from './places.ts';
import type { PlacesRefusal } from './refusal.ts';
import { freeOfSlot, isAt, undeclaredUnits } from './units.ts';

/** A time is agreed for a confirmed place, for the first time or instead of another. */
export function agreeAppointment(
  places: Places,
  holdId: HoldId,
  at: Instant,
  now: Instant,
): Decision<PlacesEvent, PlacesRefusal> {
  const hold = holdOf(places.holds, holdId);
  if (!hold) return refuse('not-held', 'hold_id');
  if (hold.status === 'started') return refuse('already-started', 'hold_id');
  if (hold.status === 'held') return refuse('not-confirmed', 'hold_id');
  if (hold.appointment === at) return ignore('already-agreed');
  const { declared } = places;
  if (declared.kind === 'caseload') return refuse('no-appointments-here', 'hold_id');
  if (hold.appointment === undefined && !hold.awaited)
    return refuse('person-not-agreed', 'hold_id');
  if (hold.appointment !== undefined && hold.appointment <= now)
    return refuse('appointment-not-recorded', 'hold_id');
  if (at <= now) return refuse('appointment-in-the-past', 'at');
  const units =
    declared.kind === 'count' ? hold.unitIds : unitsAt(declared.slots, places.holds, hold, at);
  if (typeof units === 'string') return refuse(units, 'at');
  return accept<PlacesEvent>({ type: 'AppointmentAgreed', holdId, at, unitIds: units });
}

/** The units of this hold in the slot with this start. Those that it keeps there already remain, also where the slot is not declared any more. */
function unitsAt(
  slots: readonly Slot[],
  holds: readonly PlacesHold[],
  hold: PlacesHold,
  start: Instant,
): readonly string[] | 'no-such-slot' | 'slot-taken' {
  if (hold.unitIds.every((one) => isAt(one, start))) return hold.unitIds;
  const slot = slots.find((one) => one.start === start);
  if (!slot) return 'no-such-slot';
  const free = freeOfSlot(slot, holds);
  const { places } = hold.terms;
  return free.length < places ? 'slot-taken' : free.slice(0, places);
}

/**
 * The person did not come, or said before that they will not. The place stays confirmed, and another time can be agreed. A slot that has not
 * begun is free for others at once: until then the hold keeps units of no slot.
 */
export function recordMissed(
  places: Places,
  holdId: HoldId,
  code: string,
  now: Instant,
): Decision<PlacesEvent, PlacesRefusal> {
  const hold = holdOf(places.holds, holdId);
  if (!hold) return refuse('not-held', 'hold_id');
  if (hold.status === 'started') return refuse('already-started', 'hold_id');
  if (hold.status === 'held' || hold.appointment === undefined)
    return refuse('no-appointment', 'hold_id');
  const missed: PlacesEvent = { type: 'AppointmentMissed', holdId, code };
  if (places.declared.kind !== 'appointments' || hold.appointment <= now) return accept(missed);
  const unitIds = undeclaredUnits(holdId, hold.terms.places);
  return accept<PlacesEvent>(missed, { type: 'HoldMoved', holdId, unitIds });
}
