import type { Instant } from '@opennrm/runtime/decision';

export type OrganisationId = string & { readonly __organisation: unique symbol };
export type SiteId = string & { readonly __site: unique symbol };
export type ServiceId = string & { readonly __service: unique symbol };
/** A bed of a room. Where a site only declares a count, the nth of its units. */
export type UnitId = string & { readonly __unit: unique symbol };

export interface Room {
  readonly roomId: string;
  /** What every unit of the room offers, as codes. */
  readonly attributes: readonly string[];
  /** The groups that may use it. Empty: the groups of the service. */
  readonly groups: readonly string[];
  readonly unitIds: readonly UnitId[];
}

/** How many units a site has and how many are occupied by people whom this platform does not know, at `declaredAt`. */
export interface DeclaredCount {
  readonly units: number;
  readonly occupiedByOthers: number;
  readonly declaredAt: Instant;
}

/** A place of a service: with rooms and units, or with a declared count. Its address is stored separately and sealed. */
export interface Site {
  readonly siteId: SiteId;
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly rooms: readonly Room[];
  readonly count: DeclaredCount | undefined;
  readonly outOfService: Readonly<Record<string, string>>;
}

/** The units that a site could give without any hold. The units of a declared count are numbered. */
export function unitsOf(site: Site): readonly UnitId[] {
  if (!site.count)
    return site.rooms
      .flatMap((room) => room.unitIds)
      .filter((unitId) => !(unitId in site.outOfService));
  const usable = Math.max(0, site.count.units - site.count.occupiedByOthers);
  return Array.from({ length: usable }, (_, nth) => countedUnit(site, nth + 1));
}

export const countedUnit = (site: Site, nth: number): UnitId => `${site.siteId}/${nth}` as UnitId;

/** The rooms of a site. A declared count is one room without attributes. */
export const roomsOf = (site: Site): readonly Room[] =>
  site.count
    ? [{ roomId: site.siteId, attributes: [], groups: [], unitIds: unitsOf(site) }]
    : site.rooms;
