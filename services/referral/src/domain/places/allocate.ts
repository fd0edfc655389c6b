import { type Answer, type ProviderRules, sharesApartId } from '@opennrm/holding';
import type { Instant } from '@opennrm/runtime/decision';
import { unitKindOf } from './declared.ts';
import type { Cause } from './events.ts';
import type { PlacesHold, PlacesTerms, PlacesUnits } from './hold.ts';
import type { Places } from './places.ts';
import { freeGroups, startOf } from './units.ts';

/** What the directory decides about the units of a service: which ones a hold gets, and whether they still suffice. */
export const rulesOf = (
  places: Places,
  now: Instant,
): ProviderRules<PlacesTerms, PlacesUnits, Cause, PlacesHold> => ({
  allocate: (terms, holds) => allocate({ ...places, holds }, terms, now),
  suffices: ({ unitIds }, { unitKind }) =>
    unitKind === unitKindOf(places.declared) &&
    (places.declared.kind !== 'appointments' || unitIds.every((one) => startOf(one) > now)),
});

/** Every refusal takes the same path and the same time, so that the answer does not reveal its cause. */
function allocate(places: Places, terms: PlacesTerms, now: Instant): Answer<PlacesUnits, Cause> {
  const unitIds = lowestFree(places, terms, now);
  const apart = sharesApartId(places.holds, terms.apartIds);
  if (apart) return { cause: 'keep-apart' };
  return unitIds ? { unitIds } : { cause: 'no-free-unit' };
}

/** The lowest free units for all people of the party; of an appointment book those of the earliest future slot that has enough. */
export function lowestFree(
  { declared, holds }: Places,
  { unitKind, places }: PlacesTerms,
  now: Instant,
): readonly string[] | undefined {
  const enough = freeGroups(declared, holds, now).find((free) => free.length >= places);
  return unitKind === unitKindOf(declared) ? enough?.slice(0, places) : undefined;
}
