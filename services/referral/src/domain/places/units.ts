import type { Instant } from '@opennrm/runtime/decision';
import type { Declared, Slot } from './declared.ts';
import type { HoldId, PlacesHold } from './hold.ts';
import type { Places } from './places.ts';

const numbered = (prefix: string, upTo: number): readonly string[] =>
  Array.from({ length: upTo }, (_, nth) => `${prefix}${nth + 1}`);

const prefixOf = (start: Instant): string => `${start}/`;

/** Whether a unit is of the slot with this start. */
export const isAt = (unitId: string, start: Instant): boolean => unitId.startsWith(prefixOf(start));

/** The start of the slot of a unit of an appointment book; not a number for a unit of no slot. */
export const startOf = (unitId: string): number => Number(unitId.split('/')[0]);

/** Units that are in no declaration, so that no other hold can have them. */
export const undeclaredUnits = (holdId: HoldId, places: number): readonly string[] =>
  numbered(`over-${holdId}/`, places);

/**
 * The units that may be given to another hold. After a smaller number is declared, a hold may have a unit above it: that hold still uses one of
 * the number.
 */
function unused(units: readonly string[], kept: readonly string[]): readonly string[] {
  const free = units.filter((one) => !kept.includes(one));
  return free.slice(0, Math.max(0, units.length - kept.length));
}

const keptBy = (holds: readonly PlacesHold[]): readonly string[] =>
  holds.flatMap((hold) => hold.unitIds);

/** The free units of one slot. */
export const freeOfSlot = (
  { start, places }: Slot,
  holds: readonly PlacesHold[],
): readonly string[] =>
  unused(
    numbered(prefixOf(start), places),
    keptBy(holds).filter((one) => isAt(one, start)),
  );

/** The free units, in groups: a hold gets units of one group only. An appointment book has one group for each future slot. */
export function freeGroups(
  declared: Declared,
  holds: readonly PlacesHold[],
  now: Instant,
): readonly (readonly string[])[] {
  switch (declared.kind) {
    case 'count':
      return [unused(numbered('', declared.places), keptBy(holds))];
    case 'caseload':
      return [unused(numbered('', declared.limit), keptBy(holds))];
    case 'appointments':
      return declared.slots
        .filter(({ start }) => start > now)
        .map((slot) => freeOfSlot(slot, holds));
  }
}

/** To how many people of one party units could be given now: for a party that is larger than any time of the book, the sum is not enough. */
export const largestFree = ({ declared, holds }: Places, now: Instant): number =>
  Math.max(0, ...freeGroups(declared, holds, now).map((units) => units.length));

/** To how many people a unit could be given now. */
export const freeUnits = ({ declared, holds }: Places, now: Instant): number =>
  freeGroups(declared, holds, now).flat().length;
