import { loseUnit, releaseHeld } from '@opennrm/holding';
import { type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { ProviderEvent } from './events.ts';
import { acceptWithCapacity } from './holding.ts';
import { isOwn, type Provider, siteOf } from './provider.ts';
import type { Room, ServiceId, Site, SiteId, UnitId } from './site.ts';
import { replacementFor } from './sufficient.ts';

export type SiteRefusal =
  | 'not-found'
  | 'already-exists'
  | 'unit-twice'
  | 'room-twice'
  | 'other-unit-kind'
  | 'has-rooms'
  | 'has-a-count'
  | 'more-than-units'
  | 'already-declared'
  | 'unit-occupied'
  | 'too-many-units';

const UNITS_AT_MOST = 1_000;

export interface NewSite {
  readonly siteId: SiteId;
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly rooms: readonly Room[];
}

const unitsIn = (rooms: readonly Room[]): UnitId[] => rooms.flatMap((room) => room.unitIds);

function roomsRefusal(
  provider: Provider,
  rooms: readonly Room[],
): Decision<never, SiteRefusal> | undefined {
  const allRooms = [...provider.sites.flatMap((site) => site.rooms), ...rooms];
  if (new Set(allRooms.map((room) => room.roomId)).size < allRooms.length)
    return refuse('room-twice', 'rooms');
  const all = unitsIn(allRooms);
  if (new Set(all).size < all.length) return refuse('unit-twice', 'rooms');
  return all.length > UNITS_AT_MOST ? refuse('too-many-units', 'rooms') : undefined;
}

/** The directory names a service as this provider's. A site that was registered for it before counts from now on. */
export function addService(
  provider: Provider,
  serviceId: ServiceId,
  now: Instant,
): Decision<ProviderEvent> {
  if (isOwn(provider, serviceId)) return ignore('already-registered');
  return acceptWithCapacity(provider, now, undefined, { type: 'ServiceRegistered', serviceId });
}

/** A place of a service, with its rooms or with a count that is declared later. All places of a service have one kind of unit. */
export function registerSite(
  provider: Provider,
  site: NewSite,
  now: Instant,
): Decision<ProviderEvent, SiteRefusal> {
  if (!isOwn(provider, site.serviceId)) return refuse('not-found', 'service_id');
  if (siteOf(provider, site.siteId)) return refuse('already-exists', 'site_id');
  const sameService = provider.sites.filter((one) => one.serviceId === site.serviceId);
  if (sameService.some((one) => one.unitKind !== site.unitKind))
    return refuse('other-unit-kind', 'unit_kind');
  return (
    roomsRefusal(provider, site.rooms) ??
    acceptWithCapacity(provider, now, undefined, { type: 'SiteRegistered', ...site })
  );
}

export function addRooms(
  provider: Provider,
  siteId: SiteId,
  rooms: readonly Room[],
  now: Instant,
): Decision<ProviderEvent, SiteRefusal> {
  const site = ownSite(provider, siteId);
  if (!site) return refuse('not-found', 'site_id');
  if (site.count) return refuse('has-a-count', 'site_id');
  return (
    roomsRefusal(provider, rooms) ??
    acceptWithCapacity(provider, now, undefined, { type: 'RoomsAdded', siteId, rooms })
  );
}

/**
 * How many units a site has and how many others occupy. The free number follows from it and from the holds of this platform.
 * @param unlessDeclared refuses where a count was declared before. For an import, which must not overwrite a count.
 */
export function declareCount(
  provider: Provider,
  count: { readonly siteId: SiteId; readonly units: number; readonly occupiedByOthers: number },
  now: Instant,
  unlessDeclared = false,
): Decision<ProviderEvent, SiteRefusal> {
  const site = ownSite(provider, count.siteId);
  if (!site) return refuse('not-found', 'site_id');
  if (unlessDeclared && site.count) return refuse('already-declared', 'site_id');
  if (site.rooms.length > 0) return refuse('has-rooms', 'site_id');
  if (count.occupiedByOthers > count.units) return refuse('more-than-units', 'occupied_by_others');
  return acceptWithCapacity(provider, now, undefined, { type: 'CountDeclared', ...count, at: now });
}

/**
 * A unit cannot be used. A hold on it moves to another sufficient unit, or is lost and this is announced. A person who stays is never
 * moved by this.
 */
export function takeOutOfService(
  provider: Provider,
  unitId: UnitId,
  code: string,
  now: Instant,
): Decision<ProviderEvent, SiteRefusal> {
  const site = siteWith(provider, unitId);
  if (!site) return refuse('not-found', 'unit_id');
  if (unitId in site.outOfService) return ignore('already-out-of-service');
  const holder = provider.holds.find((hold) => hold.unitIds.includes(unitId));
  if (holder?.status === 'stay') return refuse('unit-occupied', 'unit_id');
  const out: ProviderEvent = { type: 'UnitSetOutOfService', siteId: site.siteId, unitId, code };
  // The lost unit is not among the free ones, because the hold still has it.
  const lost: Decision<ProviderEvent> = loseUnit(provider.holds, unitId, (hold) =>
    replacementFor(provider, site, hold),
  );
  const ofHold = lost.kind === 'accepted' ? lost.events : [];
  return acceptWithCapacity(provider, now, holder?.holdId, out, ...ofHold);
}

export function returnToService(
  provider: Provider,
  unitId: UnitId,
  now: Instant,
): Decision<ProviderEvent, SiteRefusal> {
  const site = siteWith(provider, unitId);
  if (!site) return refuse('not-found', 'unit_id');
  if (!(unitId in site.outOfService)) return ignore('already-in-service');
  return acceptWithCapacity(provider, now, undefined, {
    type: 'UnitReturnedToService',
    siteId: site.siteId,
    unitId,
  });
}

/** A site of one of the provider's own services. Sites of other services do not count. */
function ownSite(provider: Provider, siteId: SiteId): Site | undefined {
  const site = siteOf(provider, siteId);
  return site && isOwn(provider, site.serviceId) ? site : undefined;
}

const siteWith = (provider: Provider, unitId: UnitId): Site | undefined =>
  provider.sites.find(
    (site) => unitsIn(site.rooms).includes(unitId) && isOwn(provider, site.serviceId),
  );

/** The service may not be asked any more: holds are released, confirmed places and stays remain. */
export function suspendService(
  provider: Provider,
  serviceId: ServiceId,
  now: Instant,
): Decision<ProviderEvent> {
  if (provider.suspended.includes(serviceId)) return ignore('already-suspended');
  const released = releaseHeld(provider.holds, (terms) => terms.serviceId === serviceId);
  return acceptWithCapacity(
    provider,
    now,
    undefined,
    { type: 'ServiceSuspended', serviceId },
    ...released,
  );
}

export function reinstateService(
  provider: Provider,
  serviceId: ServiceId,
  now: Instant,
): Decision<ProviderEvent> {
  if (!provider.suspended.includes(serviceId)) return ignore('not-suspended');
  return acceptWithCapacity(provider, now, undefined, { type: 'ServiceReinstated', serviceId });
}
