import { randomUUID } from 'node:crypto';
import { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { after, hours } from '@opennrm/runtime/decision';
import { type RowsOf, specifyWhoMayAct } from '@opennrm/testkit';
import { rpcs } from '../inbound/grpc/rpcs.ts';
import {
  aHold,
  callOf,
  confirmRequested,
  noon,
  sampleAddress,
  shelterDatabase,
} from '../outbound/shelter-database.fixture.ts';
import * as stays from './stays.ts';

const pack = await loadCountryPack('infra/countries/sample');
const page = { pageSize: 0, pageToken: '' };
const ROOM: string = randomUUID();

interface Ids extends Readonly<Record<string, string>> {
  readonly serviceId: string;
  /** One site with rooms, and one with a declared count. */
  readonly siteId: string;
  readonly countedSiteId: string;
  readonly roomId: string;
  readonly unitId: string;
  readonly freeUnitId: string;
  /** The hold of a person on a journey, with their escort, and the hold of a person who has arrived. */
  readonly holdId: string;
  readonly escortId: string;
  readonly stayId: string;
}

const ofHold = { request: ({ holdId }: Ids) => ({ holdId }), expects: 'hidden' } as const;
const ofStay = { request: ({ stayId }: Ids) => ({ holdId: stayId }), expects: 'hidden' } as const;

const rows: RowsOf<typeof ShelterCapacityServiceService, Ids> = {
  registerSite: {
    request: ({ serviceId }) => ({
      siteId: randomUUID(),
      serviceId,
      unitKind: 'bed',
      rooms: [],
      address: sampleAddress,
    }),
    expects: 'hidden',
    differs:
      'the services are public; one that is not known yet may still be announced by the directory',
  },
  registerRooms: {
    request: ({ siteId, roomId, unitId }) => ({
      siteId,
      rooms: [{ roomId, attributes: [], groups: [], unitIds: [unitId] }],
    }),
    expects: 'hidden',
  },
  declareCount: {
    request: ({ countedSiteId: siteId }) => ({ siteId, units: 3, occupiedByOthers: 1 }),
    expects: 'hidden',
  },
  setOutOfService: {
    request: ({ freeUnitId: unitId }) => ({
      unitId,
      outOfService: true,
      code: pack.outOfServiceCodes[0]?.code ?? '',
    }),
    expects: 'hidden',
  },
  getArrivalAddress: { ...ofHold, by: ({ escortId: person }) => ({ person }) },
  getArrivalPlan: { request: () => page, expects: 'empty' },
  getSite: { request: ({ siteId }) => ({ siteId }), expects: 'hidden' },
  listUnits: { request: ({ siteId }) => ({ siteId, ...page }), expects: 'empty' },
  recordArrival: ofHold,
  recordDidNotArrive: ofHold,
  moveWithin: {
    request: ({ stayId: holdId, freeUnitId }) => ({ holdId, unitIds: [freeUnitId] }),
    expects: 'hidden',
  },
  recordAbsent: {
    request: ({ stayId: holdId }) => ({ holdId, keptUntil: new Date(after(noon, hours(20))) }),
    expects: 'hidden',
  },
  recordMissing: ofStay,
  recordReturned: ofStay,
  endStay: {
    request: ({ stayId: holdId }) => ({ holdId, code: pack.endOfStayCodes[0]?.code ?? '' }),
    expects: 'hidden',
  },
};

specifyWhoMayAct<Ids>({
  roles: pack.roles,
  rows,
  async prepare() {
    const shelter = await shelterDatabase();
    const {
      organisation: owner,
      siteId,
      serviceId,
      unitIds,
    } = await shelter.house(3, undefined, { roomId: ROOM });
    const { organisation: neighbour, serviceId: theirs } = await shelter.house(1);
    const { siteId: countedSiteId } = await shelter.house(0, owner);
    const [holdId, stayId, escortId] = [aHold(), aHold(), randomUUID()];
    for (const hold of [stayId, holdId]) await shelter.receives(confirmRequested(hold, serviceId));
    await shelter.receives(confirmRequested(aHold(), theirs));
    const times = {
      expectedAt: new Date(after(noon, hours(1))),
      addressUntil: new Date(after(noon, hours(2))),
    };
    await shelter.receives({ $case: 'journeyArranged', value: { holdId, escortId, ...times } });
    await shelter.inTransaction((tx) => stays.arrival(tx, pack, stayId, callOf(owner)));
    const [unitId = '', , freeUnitId = ''] = unitIds;
    const { database, contents, drop } = shelter;
    return {
      database,
      contents,
      drop,
      now: noon,
      desks: desksOf(pack),
      owner,
      neighbour,
      definitions: [ShelterCapacityServiceService],
      join: (server) => server.add(ShelterCapacityServiceService, rpcs(pack, shelter.addresses)),
      ids: {
        serviceId,
        siteId,
        countedSiteId,
        roomId: ROOM,
        unitId,
        freeUnitId,
        holdId,
        escortId,
        stayId,
      },
    };
  },
});
