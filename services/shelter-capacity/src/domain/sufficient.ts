import type { Hold, HoldTerms } from './hold.ts';
import { freeUnits, type Provider, siteOf } from './provider.ts';
import { type Room, roomsOf, type Site, type UnitId } from './site.ts';

export interface Allocation {
  readonly site: Site;
  readonly unitIds: readonly UnitId[];
}

interface Option extends Allocation {
  /** Attributes of the chosen rooms that no member of the party needs. */
  readonly unusedAttributes: number;
  readonly rooms: number;
  /** Free units in the chosen rooms before the party arrives. */
  readonly free: number;
}

/**
 * The smallest sufficient units for a whole party at one site, all or none. Scarce attributes are kept for people who need them
 * (`matching.md` §2). A party uses as few rooms as possible, and started rooms are filled first.
 */
export function smallestSufficient(provider: Provider, terms: HoldTerms): Allocation | undefined {
  const options = provider.sites
    .filter((site) => site.serviceId === terms.serviceId && site.unitKind === terms.unitKind)
    .flatMap((site) => optionAt(provider, site, terms));
  return options.toSorted(leastWaste)[0];
}

/** Of two equal sites the one registered first comes first: the sort is stable. */
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

/** Whether the units of a hold also suffice for these terms: they may name another service, or the need may have been amended since. */
export function isSufficient(
  provider: Provider,
  { siteId, unitIds }: Hold,
  terms: HoldTerms,
): boolean {
  const site = siteOf(provider, siteId);
  const isAsked = site?.serviceId === terms.serviceId && site.unitKind === terms.unitKind;
  const suitable = site && isAsked ? roomsOf(site).filter((room) => isSuitable(room, terms)) : [];
  // After a count is declared smaller, a hold may have a number above it. It still is in the one room of the site.
  return site?.count
    ? suitable.length > 0
    : unitIds.every((one) => suitable.some((room) => room.unitIds.includes(one)));
}

/** Another sufficient unit of the same site to replace a lost one, in a room with other units of the hold if possible. */
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

/** Of two equal rooms the one that the site lists first comes first. */
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
