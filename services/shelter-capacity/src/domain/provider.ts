import type { ProviderEvent } from './events.ts';
import type { Hold } from './hold.ts';
import { evolveHold } from './hold-evolve.ts';
import { type OrganisationId, type ServiceId, type Site, type UnitId, unitsOf } from './site.ts';

/** Everything of one organisation that decides whether a bed can be confirmed; one row locks it. */
export interface Provider {
  readonly organisationId: OrganisationId;
  /** The services that the directory names as this organisation's. A site counts only for these. */
  readonly services: readonly ServiceId[];
  readonly sites: readonly Site[];
  readonly suspended: readonly ServiceId[];
  /** Live holds, confirmed places and stays. Ended ones are not kept here. */
  readonly holds: readonly Hold[];
}

/** The state after an event. Total: an event that was accepted once is never refused here. */
export function evolve(before: Provider | undefined, event: ProviderEvent): Provider {
  if (event.type === 'ProviderBegan') {
    return (
      before ?? {
        organisationId: event.organisationId,
        services: [],
        sites: [],
        suspended: [],
        holds: [],
      }
    );
  }
  if (!before) throw new Error(`${event.type} before ProviderBegan`);
  switch (event.type) {
    case 'ServiceRegistered':
      return { ...before, services: [...before.services, event.serviceId] };
    case 'SiteRegistered': {
      const { siteId, serviceId, unitKind, rooms } = event;
      return {
        ...before,
        sites: [
          ...before.sites,
          { siteId, serviceId, unitKind, rooms, count: undefined, outOfService: {} },
        ],
      };
    }
    case 'RoomsAdded':
    case 'CountDeclared':
    case 'UnitSetOutOfService':
    case 'UnitReturnedToService':
      return {
        ...before,
        sites: before.sites.map((site) =>
          site.siteId === event.siteId ? evolveSite(site, event) : site,
        ),
      };
    case 'ServiceSuspended':
      return { ...before, suspended: [...before.suspended, event.serviceId] };
    case 'ServiceReinstated':
      return { ...before, suspended: before.suspended.filter((one) => one !== event.serviceId) };
    case 'CapacityChanged':
      return before;
    case 'UnitsHeld':
    case 'HoldRefused':
    case 'HoldReleased':
    case 'HoldResized':
    case 'HoldMoved':
    case 'UnitsConfirmed':
    case 'UnitsUnavailable':
    case 'ApartAdded':
    case 'ApartOverlapFound':
    case 'EscortNamed':
    case 'EscortEnded':
    case 'AddressRead':
    case 'Arrived':
    case 'DidNotArrive':
    case 'StayMoved':
    case 'StayAbsent':
    case 'AbsenceOverdue':
    case 'StayMissing':
    case 'StayReturned':
    case 'StayEnded':
      return { ...before, holds: evolveHold(before.holds, event) };
  }
}

type OfSite = Extract<
  ProviderEvent,
  { type: 'RoomsAdded' | 'CountDeclared' | 'UnitSetOutOfService' | 'UnitReturnedToService' }
>;

function evolveSite(site: Site, event: OfSite): Site {
  switch (event.type) {
    case 'RoomsAdded':
      return { ...site, rooms: [...site.rooms, ...event.rooms] };
    case 'CountDeclared': {
      const { units, occupiedByOthers, at } = event;
      return { ...site, count: { units, occupiedByOthers, declaredAt: at } };
    }
    case 'UnitSetOutOfService':
      return { ...site, outOfService: { ...site.outOfService, [event.unitId]: event.code } };
    case 'UnitReturnedToService': {
      const { [event.unitId]: _back, ...outOfService } = site.outOfService;
      return { ...site, outOfService };
    }
  }
}

export const holdOf = (provider: Provider, holdId: string): Hold | undefined =>
  provider.holds.find((hold) => hold.holdId === holdId);

export const siteOf = (provider: Provider, siteId: string): Site | undefined =>
  provider.sites.find((site) => site.siteId === siteId);

export const isOwn = (provider: Provider, serviceId: ServiceId): boolean =>
  provider.services.includes(serviceId);

/** The units of a provider that have a hold. */
export const occupiedUnits = (provider: Provider): ReadonlySet<UnitId> =>
  new Set(provider.holds.flatMap((hold) => hold.unitIds));

/** Computed, never entered: usable units without a hold. */
export function freeUnits(provider: Provider, site: Site): readonly UnitId[] {
  const [units, occupied] = [unitsOf(site), occupiedUnits(provider)];
  const free = units.filter((unitId) => !occupied.has(unitId));
  // After a count is declared smaller, a hold may have a number above it. That hold still uses one of the units.
  return site.count
    ? free.slice(0, Math.max(0, units.length - occupiedAt(provider, site).length))
    : free;
}

/** The units of a site that have a hold. */
export const occupiedAt = (provider: Provider, { siteId }: Site): readonly UnitId[] =>
  provider.holds.filter((hold) => hold.siteId === siteId).flatMap((hold) => hold.unitIds);

/** How many units of a service are free: none while it is suspended, and none of another organisation's service. */
export function freeOf(provider: Provider, serviceId: ServiceId): number {
  if (!isOwn(provider, serviceId) || provider.suspended.includes(serviceId)) return 0;
  const sites = provider.sites.filter((site) => site.serviceId === serviceId);
  return sites.reduce((sum, site) => sum + freeUnits(provider, site).length, 0);
}
