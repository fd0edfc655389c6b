import { holdOf } from '@opennrm/holding';
import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import { lowestFree } from './allocate.ts';
import { overlapsOf } from './apart.ts';
import type { PlacesEvent, ServiceBegun } from './events.ts';
import type { HoldId, PlacesHold, PlacesTerms } from './hold.ts';
import type { Places } from './places.ts';
import type { PlacesRefusal } from './refusal.ts';
import { undeclaredUnits } from './units.ts';

/**
 * The service of a live hold begins with the units of the hold. What changed after the request remains: a smaller party, a pair to be kept
 * apart.
 */
export const begin = (
  { holdId, unitIds, terms: { places, apartIds } }: PlacesHold,
  terms: PlacesTerms,
  workerId: string | undefined,
): ServiceBegun => ({
  type: 'ServiceBegun',
  holdId,
  workerId,
  terms: { ...terms, places, apartIds },
  unitIds,
});

/**
 * The staff of the service report that the person was there. This is always accepted: also for a place that was not confirmed yet or was
 * released before, at any time, and beside a person to be kept apart, which is announced for both. Only a case that a worker takes up begins by
 * naming the worker.
 */
export function recordKept(
  places: Places,
  holdId: HoldId,
  terms: PlacesTerms,
  now: Instant,
): Decision<PlacesEvent, PlacesRefusal> {
  const hold = holdOf(places.holds, holdId);
  if (places.declared.kind === 'caseload') return refuse('no-appointments-here', 'hold_id');
  if (hold?.status === 'started') return ignore('already-started');
  if (hold) return accept<PlacesEvent>(begin(hold, terms, undefined));
  return accept<PlacesEvent>(...beginAgain(places, holdId, terms, now, undefined));
}

/** The service of a hold that was released before begins, over capacity where no unit is free. */
export function beginAgain(
  places: Places,
  holdId: HoldId,
  terms: PlacesTerms,
  now: Instant,
  workerId: string | undefined,
): readonly PlacesEvent[] {
  const unitIds = unitsAgain(places, terms, now) ?? undeclaredUnits(holdId, terms.places);
  return [
    { type: 'ServiceBegun', holdId, workerId, terms, unitIds },
    ...overlapsOf(places.holds, holdId, terms.apartIds),
  ];
}

/** Free units for a place that was released before. Of an appointment book there are none: its free slots are later than the visit. */
const unitsAgain = (places: Places, terms: PlacesTerms, now: Instant) =>
  places.declared.kind === 'appointments' ? undefined : lowestFree(places, terms, now);
