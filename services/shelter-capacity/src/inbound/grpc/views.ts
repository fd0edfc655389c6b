import type {
  GetSiteResponse,
  UnitView,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import type { ExpectedArrival } from '@opennrm/contracts/opennrm/shelter_capacity/v1/stay.ts';
import type { Hold } from '../../domain/hold.ts';
import { freeUnits, occupiedAt, type Provider } from '../../domain/provider.ts';
import { type Room, roomsOf, type Site } from '../../domain/site.ts';
import {
  arrivalComesBefore,
  positionOfArrival,
  positionOfUnit,
  unitComesBefore,
} from './list-orders.ts';

/** The expected arrivals, the soonest first, without any information about the people. */
export const expectedArrivals = (provider: Provider): ExpectedArrival[] =>
  provider.holds
    .filter((hold) => hold.status === 'confirmed')
    .map((hold) => ({
      holdId: hold.holdId,
      siteId: hold.siteId,
      places: hold.unitIds.length,
      state: hold.status,
      expectedAt: hold.escort && new Date(hold.escort.expectedAt),
    }))
    .toSorted((a, b) => (arrivalComesBefore(positionOfArrival(a), positionOfArrival(b)) ? -1 : 1));

/** A site as its own staff see it; its address stays sealed. */
export const siteView = ({ siteId, serviceId, unitKind, rooms, count }: Site): GetSiteResponse => ({
  siteId,
  serviceId,
  unitKind,
  rooms: rooms.map(({ roomId, attributes, groups, unitIds }) => ({
    roomId,
    attributes: [...attributes],
    groups: [...groups],
    unitIds: [...unitIds],
  })),
  count: count && {
    units: count.units,
    occupiedByOthers: count.occupiedByOthers,
    declaredAt: new Date(count.declaredAt),
  },
});

/** The units of a provider, grouped by site and room. */
export function unitViews(provider: Provider, siteId: string | undefined): UnitView[] {
  const holders = new Map(
    provider.holds.flatMap((hold) => hold.unitIds.map((unitId) => [unitId, hold] as const)),
  );
  return provider.sites
    .filter((site) => siteId === undefined || site.siteId === siteId)
    .flatMap((site) =>
      roomsOf(site).flatMap((room) =>
        unitIdsOf(provider, site, room).map((unitId) =>
          unitView(site, room, unitId, holders.get(unitId)),
        ),
      ),
    )
    .toSorted((a, b) => (unitComesBefore(positionOfUnit(a), positionOfUnit(b)) ? -1 : 1));
}

/** Of a declared count: the free units and those that this platform uses. Units occupied by others are never shown. */
const unitIdsOf = (provider: Provider, site: Site, room: Room) =>
  site.count ? [...occupiedAt(provider, site), ...freeUnits(provider, site)] : room.unitIds;

const stateOf = { held: 'held', confirmed: 'confirmed', stay: 'occupied' } as const;

const unitView = (site: Site, room: Room, unitId: string, hold: Hold | undefined): UnitView => ({
  unitId,
  roomId: room.roomId,
  siteId: site.siteId,
  attributes: [...room.attributes],
  state: hold ? stateOf[hold.status] : unitId in site.outOfService ? 'out-of-service' : 'free',
});
