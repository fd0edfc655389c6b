import type { UnitView } from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import type { ExpectedArrival } from '@opennrm/contracts/opennrm/shelter_capacity/v1/stay.ts';
import { FIRST_ID } from '@opennrm/runtime';

/** The position in the list: by the expected time, then by the hold. */
export interface ArrivalPosition {
  readonly at: number;
  readonly id: string;
}

/** After every time: an arrival without a known time comes last. */
const NO_TIME = Number.MAX_SAFE_INTEGER;

/** Before every arrival. */
export const ARRIVALS_BEGIN = { at: 0, id: FIRST_ID } as const;

export const positionOfArrival = ({ expectedAt, holdId }: ExpectedArrival): ArrivalPosition => ({
  at: expectedAt?.getTime() ?? NO_TIME,
  id: holdId,
});

/** The position in the list: by site, room and unit. The units of a declared count have the id of their site, and a number. */
export interface UnitPosition {
  readonly siteId: string;
  readonly roomId: string;
  readonly id: string;
  readonly nth: number;
}

/** Before every unit. */
export const UNITS_BEGIN = { siteId: FIRST_ID, roomId: FIRST_ID, id: FIRST_ID, nth: -1 } as const;

export function positionOfUnit({ siteId, roomId, unitId }: UnitView): UnitPosition {
  const [id = '', nth = '0'] = unitId.split('/');
  return { siteId, roomId, id, nth: Number(nth) };
}

export const arrivalComesBefore = (one: ArrivalPosition, other: ArrivalPosition): boolean =>
  comesBefore([one.at, one.id], [other.at, other.id]);

export const unitComesBefore = (one: UnitPosition, other: UnitPosition): boolean =>
  comesBefore(
    [one.siteId, one.roomId, one.id, one.nth],
    [other.siteId, other.roomId, other.id, other.nth],
  );

type Parts = readonly (number | string)[];

/** Compares by the first part in which they differ. */
function comesBefore(one: Parts, other: Parts): boolean {
  for (const [nth, part] of one.entries()) {
    const against = other[nth] ?? '';
    if (part !== against) return part < against;
  }
  return false;
}
