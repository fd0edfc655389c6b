import type { Hold, HoldTerms } from './hold.ts';
import { freeUnits, type Provider, siteOf } from './provider.ts';
import { type Room, roomsOf, type Site, type UnitId } from './site.ts';

export interface Allocation {
  readonly site: Site;
  readonly unitIds: readonly UnitId[];
}

interface Option extends Allocation {
  /** Attributes of the chosen rooms that nobody of the party needs. */
  readonly unusedAttributes: number;
  readonly rooms: number;
  /** Units that are free in the chosen rooms before the party comes. */
  readonly free: number;
}

/**
 * The smallest sufficient places for a whole party at one site, all or none: rare attributes are kept for who needs them
 * (`matching.md` §2), a party is in as few rooms as can be, and rooms are filled rather than begun.
 */
export function smallestSufficient(provider: Provider, terms: HoldTerms): Allocation | undefined {
  const options = provider.sites
    .filter((site) => site.serviceId === terms.serviceId && site.unitKind === terms.unitKind)
    .flatMap((site) => optionAt(provider, site, terms));
  return options.toSorted(leastWaste)[0];
}

/** Where two sites are equal, the one that was registered first stays first: sorting is stable. */
const leastWaste = (a: Option, b: Option): number =>
  a.unusedAttributes - b.unusedAttributes || a.rooms - b.rooms || a.free - b.free;

interface FreeRoom {
  readonly room: Room;
  readonly free: readonly UnitId[];
}

const unused = ({ room }: FreeRoom, terms: HoldTerms): number =>
  room.attributes.filter((attribute) => !terms.attributes.includes(attribute)).length;

function optionAt(provider: Provider, site: Site, terms: HoldTerms): Option[] {
  const rooms = suitableRooms(provider, site, terms);
  const whole = rooms.filter((one) => one.free.length >= terms.places);
  const chosen =
    whole.length > 0 ? whole.toSorted(smallestFirst(terms)).slice(0, 1) : fewestRooms(rooms, terms);
  const units = chosen.flatMap((one) => one.free).slice(0, terms.places);
  if (units.length < terms.places) return [];
  const unusedAttributes = chosen.reduce((sum, one) => sum + unused(one, terms), 0);
  const free = chosen.reduce((sum, one) => sum + one.free.length, 0);
  return [{ site, unitIds: units, unusedAttributes, rooms: chosen.length, free }];
}

function suitableRooms(provider: Provider, site: Site, terms: HoldTerms): FreeRoom[] {
  const free = new Set(freeUnits(provider, site));
  return roomsOf(site)
    .filter((room) => isSuitable(room, terms))
    .map((room): FreeRoom => ({ room, free: room.unitIds.filter((unitId) => free.has(unitId)) }))
    .filter((one) => one.free.length > 0);
}

/** The units of a hold are sufficient for these terms too: what is needed may have been amended since they were held. */
export function isSufficient(
  provider: Provider,
  { siteId, unitIds }: Hold,
  terms: HoldTerms,
): boolean {
  const site = siteOf(provider, siteId);
  const suitable = site ? roomsOf(site).filter((room) => isSuitable(room, terms)) : [];
  // A count that was declared smaller may leave a hold on a number beyond it: that is in the one room of the site all the same.
  return site?.count
    ? suitable.length > 0
    : unitIds.every((one) => suitable.some((room) => room.unitIds.includes(one)));
}

/** Another sufficient unit of the same site in the place of one that is lost; beside the others of the party if that can be. */
export function replacementFor(
  provider: Provider,
  site: Site,
  { unitIds, terms }: Hold,
): UnitId | undefined {
  const apart = ({ room }: FreeRoom): number =>
    room.unitIds.some((one) => unitIds.includes(one)) ? 0 : 1;
  const rooms = suitableRooms(provider, site, terms);
  return rooms.toSorted((a, b) => apart(a) - apart(b) || smallestFirst(terms)(a, b))[0]?.free[0];
}

const isSuitable = (room: Room, { attributes, group }: HoldTerms): boolean =>
  attributes.every((one) => room.attributes.includes(one)) &&
  (room.groups.length === 0 || room.groups.includes(group));

/** Where two rooms are equal, the one that the site lists first stays first. */
const smallestFirst =
  (terms: HoldTerms) =>
  (a: FreeRoom, b: FreeRoom): number =>
    unused(a, terms) - unused(b, terms) || a.free.length - b.free.length;

function fewestRooms(rooms: readonly FreeRoom[], terms: HoldTerms): FreeRoom[] {
  const chosen: FreeRoom[] = [];
  let found = 0;
  for (const one of rooms.toSorted(
    (a, b) => b.free.length - a.free.length || unused(a, terms) - unused(b, terms),
  )) {
    if (found >= terms.places) break;
    chosen.push(one);
    found += one.free.length;
  }
  return chosen;
}
