import type { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import {
  answer,
  codeOf,
  codesOf,
  field,
  Personal,
  pagingBy,
  type RpcsOf,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import type { HoldId } from '../../domain/hold.ts';
import type { ServiceId, SiteId, UnitId } from '../../domain/site.ts';
import * as sites from '../../handlers/sites.ts';
import * as stays from '../../handlers/stays.ts';
import type { Addresses } from '../../outbound/addresses.ts';
import { providers } from '../../outbound/providers.ts';
import {
  ARRIVALS_BEGIN,
  arrivalComesBefore,
  positionOfArrival,
  positionOfUnit,
  UNITS_BEGIN,
  unitComesBefore,
} from './list-orders.ts';
import { expectedArrivals, siteView, unitViews } from './views.ts';

type Rpcs = RpcsOf<typeof ShelterCapacityServiceService>;

/** Translates proto requests to commands: checks every field, looks up every code in the country pack, then calls the handler. */
export const rpcs = (pack: CountryPack, addresses: Addresses): Rpcs => ({
  ...siteRpcs(pack, addresses),
  ...stayRpcs(pack, addresses),
  ...reads,
});

const siteId = field.id.transform((id) => id as SiteId);
const holdId = field.id.transform((id) => id as HoldId);
const unitId = field.id.transform((id) => id as UnitId);

const line = (atMost: number) => z.string().max(atMost, `must be at most ${atMost} characters`);
const address = z
  .object({
    addressLine: line(200).min(1, 'must not be empty'),
    city: line(100),
    postalCode: line(20),
    arrivalInstructions: line(1_000),
  })
  .transform((one) => new Personal(one));

function siteRpcs(
  pack: CountryPack,
  addresses: Addresses,
): Pick<Rpcs, 'registerSite' | 'registerRooms' | 'declareCount' | 'setOutOfService'> {
  const attributes = [...pack.accessibility, { code: 'own-room' }, { code: 'family-room' }];
  const rooms = z
    .array(
      z.object({
        roomId: field.id,
        attributes: codesOf(attributes, 'room attribute', { most: 20 }),
        groups: codesOf(pack.groups, 'group', { most: 20 }),
        unitIds: z
          .array(unitId)
          .min(1, 'must name at least one unit')
          .max(50, 'must be at most 50 entries'),
      }),
    )
    .max(200, 'must be at most 200 entries');
  const ownNeeds = pack.needs.filter(({ providedBy }) => providedBy === 'shelter-capacity');
  const unitKind = codeOf(
    ownNeeds.map((need) => ({ code: need.unitKind })),
    'kind of unit',
  );
  const outOfServiceCode = codeOf(pack.outOfServiceCodes, 'out-of-service code');
  const units = z.number().int().max(1_000, 'must be at most 1000');
  return {
    registerSite: unary(
      z.object({
        siteId,
        serviceId: field.id.transform((id) => id as ServiceId),
        unitKind,
        rooms,
        address,
      }),
      (tx, { address: siteAddress, ...site }, call) =>
        sites.register(tx, pack, addresses, site, siteAddress, call),
    ),
    registerRooms: unary(
      z.object({ siteId, rooms: rooms.min(1, 'must name at least one room') }),
      (tx, request, call) => sites.rooms(tx, pack, request.siteId, request.rooms, call),
    ),
    declareCount: unary(
      z.object({
        siteId,
        units,
        occupiedByOthers: units,
        unlessDeclared: z.boolean().default(false),
      }),
      (tx, declared, call) => sites.count(tx, pack, declared, call),
    ),
    setOutOfService: unary(
      z
        .object({
          unitId,
          outOfService: z.boolean(),
          code: z.union([field.none, outOfServiceCode]),
        })
        .refine(({ outOfService, code }) => !outOfService || code !== undefined, {
          path: ['code'],
          message: 'must be an out-of-service code of the country pack',
        }),
      (tx, { code = '', ...change }, call) =>
        sites.outOfService(tx, pack, { ...change, code }, call),
    ),
  };
}

function stayRpcs(
  pack: CountryPack,
  addresses: Addresses,
): Omit<Rpcs, keyof ReturnType<typeof siteRpcs> | keyof typeof reads> {
  const named = z.object({ holdId });
  return {
    recordArrival: unary(named, (tx, request, call) =>
      stays.arrival(tx, pack, request.holdId, call),
    ),
    recordDidNotArrive: unary(named, (tx, request, call) =>
      stays.didNotArrive(tx, pack, request.holdId, call),
    ),
    moveWithin: unary(
      z.object({ holdId, unitIds: z.array(unitId).max(50, 'must be at most 50 entries') }),
      (tx, request, call) => stays.move(tx, pack, request.holdId, request.unitIds, call),
    ),
    recordAbsent: unary(z.object({ holdId, keptUntil: field.moment }), (tx, request, call) =>
      stays.absent(tx, pack, request.holdId, request.keptUntil, call),
    ),
    recordMissing: unary(named, (tx, request, call) =>
      stays.missing(tx, pack, request.holdId, call),
    ),
    recordReturned: unary(named, (tx, request, call) =>
      stays.returned(tx, pack, request.holdId, call),
    ),
    endStay: unary(
      z.object({ holdId, code: codeOf(pack.endOfStayCodes, 'end-of-stay code') }),
      (tx, request, call) => stays.end(tx, pack, request.holdId, request.code, call),
    ),
    getArrivalAddress: unary(named, async (tx, request, call) => {
      const given = await stays.address(tx, pack, addresses, request.holdId, call);
      // The only use of an address: in the answer to the read that was just recorded.
      return given.kind === 'refused' ? given : answer({ address: { ...given.response.reveal() } });
    }),
  };
}

const arrivalPages = pagingBy(ARRIVALS_BEGIN);
const unitPages = pagingBy(UNITS_BEGIN);

const reads: Pick<Rpcs, 'getArrivalPlan' | 'getSite' | 'listUnits'> = {
  getSite: unary(z.object({ siteId }), async (tx, request, call) => {
    const given = await sites.site(tx, request.siteId, call);
    return given.kind === 'refused' ? given : answer(siteView(given.response));
  }),
  getArrivalPlan: unary(
    z.object({ pageSize: field.pageSize, pageToken: arrivalPages.pageToken }),
    async (tx, { pageSize, pageToken }, call) => {
      const provider = await providers.find(tx, call.actor.organisation);
      const all = provider ? expectedArrivals(provider) : [];
      const rest = all.filter((one) => arrivalComesBefore(pageToken, positionOfArrival(one)));
      const arrivals = rest.slice(0, pageSize);
      return answer({
        arrivals,
        nextPageToken: arrivalPages.nextPageToken(arrivals, pageSize, positionOfArrival),
      });
    },
  ),
  listUnits: unary(
    z.object({
      siteId: field.optionalId,
      pageSize: field.pageSize,
      pageToken: unitPages.pageToken,
    }),
    async (tx, request, call) => {
      const provider = await providers.find(tx, call.actor.organisation);
      const all = provider ? unitViews(provider, request.siteId) : [];
      const rest = all.filter((one) => unitComesBefore(request.pageToken, positionOfUnit(one)));
      const units = rest.slice(0, request.pageSize);
      return answer({
        units,
        nextPageToken: unitPages.nextPageToken(units, request.pageSize, positionOfUnit),
      });
    },
  ),
};
