import * as holding from '@opennrm/holding';
import type { Decision } from '@opennrm/runtime/decision';
import type { PlacesEvent } from './events.ts';
import type { HoldId } from './hold.ts';
import type { Places } from './places.ts';

/** A pair to be kept apart was recorded after the hold. No hold ends. Where holds overlap, this is announced for each of them. */
export const addApart = (places: Places, holdId: HoldId, apartId: string): Decision<PlacesEvent> =>
  holding.addApart(places.holds, holdId, apartId);

/** Announces that the service of a hold began beside holds of people who must be kept apart from its person. Empty where there are none. */
export function overlapsOf(
  holds: readonly holding.Hold[],
  holdId: HoldId,
  apartIds: readonly string[],
): readonly PlacesEvent[] {
  const others = holds.filter((hold) => holding.sharesApartId([hold], apartIds));
  if (others.length === 0) return [];
  const found = others.map(
    (hold): PlacesEvent => ({ type: 'ApartOverlapFound', holdId: hold.holdId }),
  );
  return [{ type: 'ApartOverlapFound', holdId }, ...found];
}
